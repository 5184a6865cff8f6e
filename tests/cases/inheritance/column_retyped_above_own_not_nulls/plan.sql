ALTER TABLE public.gone NO INHERIT public.top;
CREATE TABLE public.low__keeper (id integer);
ALTER TABLE public.low__keeper ADD CONSTRAINT m NOT NULL id;
ALTER TABLE public.low INHERIT public.low__keeper;
ALTER TABLE public.low NO INHERIT public.mid;
ALTER TABLE public.mid NO INHERIT public.top;
ALTER TABLE public.low__keeper ALTER COLUMN id TYPE bigint;
ALTER TABLE public.low ALTER COLUMN d TYPE integer USING d::integer;
ALTER TABLE public.mid
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN d TYPE integer USING d::integer;
ALTER TABLE public.low INHERIT public.mid;
ALTER TABLE public.low NO INHERIT public.low__keeper;
DROP TABLE public.low__keeper;
ALTER TABLE public.top
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN d TYPE integer USING d::integer;
ALTER TABLE public.mid INHERIT public.top;
DROP TABLE public.below_gone;
DROP TABLE public.gone;
