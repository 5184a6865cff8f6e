CREATE TABLE public.t (
    id integer,
    a numeric
);
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.t ALTER COLUMN a SET STATISTICS 50;
