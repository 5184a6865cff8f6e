DROP VIEW public.v;
DROP INDEX public.c_a_idx;
ALTER TABLE public.c DROP CONSTRAINT own;
CREATE TABLE public.c__keeper ();
ALTER TABLE public.c INHERIT public.c__keeper;
ALTER TABLE public.c ALTER COLUMN a DROP NOT NULL;
ALTER TABLE public.c RENAME COLUMN a TO a__old;
ALTER TABLE public.c__keeper ADD COLUMN a__old integer;
ALTER TABLE public.c__keeper ADD COLUMN a integer GENERATED ALWAYS AS (a__old) STORED;
ALTER TABLE public.c__keeper ALTER COLUMN a DROP EXPRESSION;
ALTER TABLE public.c__keeper DROP COLUMN a__old;
ALTER TABLE public.c DROP COLUMN a__old;
ALTER TABLE public.c RENAME COLUMN d TO d__old;
ALTER TABLE public.c__keeper ADD COLUMN d__old date;
ALTER TABLE public.c__keeper ADD COLUMN d date GENERATED ALWAYS AS (d__old) STORED;
ALTER TABLE public.c__keeper ALTER COLUMN d DROP EXPRESSION;
ALTER TABLE public.c__keeper DROP COLUMN d__old;
ALTER TABLE public.c DROP COLUMN d__old;
ALTER TABLE public.c ALTER COLUMN d SET DEFAULT '2020-01-01'::date;
ALTER TABLE public.c__keeper ADD CONSTRAINT a_there NOT NULL a;
ALTER TABLE public.c__keeper ADD CONSTRAINT positive CHECK ((a > 0));
ALTER TABLE public.c INHERIT public.p;
GRANT SELECT (a) ON TABLE public.c TO cases_reader;
COMMENT ON COLUMN public.c.a IS 'stays';
CREATE INDEX c_a_idx ON public.c (a);
ALTER TABLE public.c NO INHERIT public.c__keeper;
DROP TABLE public.c__keeper;
CREATE VIEW public.v AS
 SELECT a,
    b
   FROM public.c;
