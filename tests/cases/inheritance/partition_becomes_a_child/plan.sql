ALTER TABLE public.p DETACH PARTITION public.k;
DROP INDEX public.k_b;
ALTER TABLE public.k DROP CONSTRAINT own;
ALTER TABLE public.k DROP CONSTRAINT positive;
CREATE TABLE public.k__keeper ();
ALTER TABLE public.k INHERIT public.k__keeper;
ALTER TABLE public.k ALTER COLUMN a DROP NOT NULL;
ALTER TABLE public.k RENAME COLUMN a TO a__old;
ALTER TABLE public.k__keeper ADD COLUMN a bigint;
UPDATE public.k SET a = a__old;
ALTER TABLE public.k DROP COLUMN a__old;
ALTER TABLE public.k RENAME COLUMN b TO b__old;
ALTER TABLE public.k__keeper ADD COLUMN b__old text;
ALTER TABLE public.k__keeper ADD COLUMN b text GENERATED ALWAYS AS (b__old) STORED;
ALTER TABLE public.k__keeper ALTER COLUMN b DROP EXPRESSION;
ALTER TABLE public.k__keeper DROP COLUMN b__old;
ALTER TABLE public.k DROP COLUMN b__old;
ALTER TABLE public.k DROP COLUMN g;
ALTER TABLE public.k RENAME COLUMN c TO c__old;
ALTER TABLE public.k__keeper ADD COLUMN c__old integer;
ALTER TABLE public.k__keeper ADD COLUMN c integer GENERATED ALWAYS AS (c__old) STORED;
ALTER TABLE public.k__keeper ALTER COLUMN c DROP EXPRESSION;
ALTER TABLE public.k__keeper DROP COLUMN c__old;
ALTER TABLE public.k DROP COLUMN c__old;
ALTER TABLE public.k__keeper ADD COLUMN g integer GENERATED ALWAYS AS ((c * 2)) STORED;
ALTER TABLE public.k ADD COLUMN d integer;
ALTER TABLE public.k ALTER COLUMN b SET DEFAULT 'b'::text;
ALTER TABLE public.k__keeper ADD CONSTRAINT p_a_not_null NOT NULL a;
ALTER TABLE public.k ADD CONSTRAINT own CHECK ((c > 1));
ALTER TABLE public.k__keeper ADD CONSTRAINT positive CHECK ((a > 0));
DROP TABLE public.p;
CREATE TABLE public.p (
    a bigint CONSTRAINT p_a_not_null NOT NULL,
    b text DEFAULT 'b'::text,
    c integer,
    g integer GENERATED ALWAYS AS ((c * 2)) STORED,
    CONSTRAINT positive CHECK ((a > 0))
);
ALTER TABLE public.k INHERIT public.p;
CREATE INDEX k_b ON public.k (b);
ALTER TABLE public.k NO INHERIT public.k__keeper;
DROP TABLE public.k__keeper;
