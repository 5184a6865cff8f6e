CREATE TABLE public.t (
    id integer
);
DROP TABLE app.t;
