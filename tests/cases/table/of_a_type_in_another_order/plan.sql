DROP VIEW public.of_renamed;
DROP INDEX public.renamed_f3_idx;
ALTER TABLE public.renamed ALTER COLUMN f2 DROP NOT NULL;
ALTER TABLE public.swapped ALTER COLUMN b DROP NOT NULL;
ALTER TABLE public.swapped ALTER COLUMN a DROP IDENTITY;
CREATE TYPE public.kind AS (
    first integer,
    f2 integer,
    f3 text
);
CREATE TYPE public.other AS (
    a integer,
    b text,
    c date
);
ALTER TABLE public.renamed ADD COLUMN first integer;
ALTER TABLE public.renamed RENAME COLUMN f2 TO f2__old;
ALTER TABLE public.renamed ADD COLUMN f2 integer DEFAULT 5;
UPDATE public.renamed SET f2 = f2__old;
ALTER TABLE public.renamed DROP COLUMN f2__old;
ALTER TABLE public.renamed RENAME COLUMN f3 TO f3__old;
ALTER TABLE public.renamed ADD COLUMN f3 text;
UPDATE public.renamed SET f3 = f3__old;
ALTER TABLE public.renamed DROP COLUMN f3__old;
ALTER TABLE public.renamed DROP COLUMN f1;
ALTER TABLE public.renamed OF public.kind;
ALTER TABLE public.renamed ALTER COLUMN f2 SET NOT NULL;
CREATE INDEX renamed_f3_idx ON public.renamed (f3);
ALTER TABLE public.swapped RENAME COLUMN b TO b__old;
ALTER TABLE public.swapped ADD COLUMN b text;
UPDATE public.swapped SET b = b__old;
ALTER TABLE public.swapped DROP COLUMN b__old;
ALTER TABLE public.swapped RENAME COLUMN c TO c__old;
ALTER TABLE public.swapped ADD COLUMN c date;
UPDATE public.swapped SET c = c__old;
ALTER TABLE public.swapped DROP COLUMN c__old;
ALTER TABLE public.swapped OF public.other;
ALTER TABLE public.swapped ALTER COLUMN b SET NOT NULL;
CREATE VIEW public.of_renamed AS
 SELECT f2,
    f3
   FROM public.renamed;
