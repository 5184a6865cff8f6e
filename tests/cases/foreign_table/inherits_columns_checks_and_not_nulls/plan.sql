ALTER TABLE public.leaving NO INHERIT public.parent;
ALTER FOREIGN TABLE public.leaving DROP CONSTRAINT parent_a_check;
CREATE TABLE public.grandparent (
    f integer CONSTRAINT grandparent_f_not_null NOT NULL
);
CREATE FOREIGN TABLE public."between" (
    g integer
)
INHERITS (public.grandparent)
SERVER far;
CREATE TABLE public.below (
    h integer
)
INHERITS (public."between");
ALTER TABLE ONLY public.divided ALTER COLUMN b SET DEFAULT 'y'::text;
ALTER TABLE public.parent ADD COLUMN e date DEFAULT now();
CREATE TABLE public.staying__keeper ();
ALTER TABLE public.staying INHERIT public.staying__keeper;
ALTER FOREIGN TABLE public.staying ALTER COLUMN a DROP NOT NULL;
ALTER FOREIGN TABLE public.staying RENAME COLUMN a TO a__old;
ALTER TABLE public.staying__keeper ADD COLUMN a__old integer;
ALTER TABLE public.staying__keeper ADD COLUMN a integer GENERATED ALWAYS AS (a__old) STORED;
ALTER TABLE public.staying__keeper ALTER COLUMN a DROP EXPRESSION;
ALTER TABLE public.staying__keeper DROP COLUMN a__old;
ALTER FOREIGN TABLE public.staying DROP COLUMN a__old;
ALTER FOREIGN TABLE public.staying ALTER COLUMN a OPTIONS (ADD column_name 'A');
ALTER FOREIGN TABLE public.staying RENAME COLUMN b TO b__old;
ALTER TABLE public.staying__keeper ADD COLUMN b__old text;
ALTER TABLE public.staying__keeper ADD COLUMN b text GENERATED ALWAYS AS (b__old) STORED;
ALTER TABLE public.staying__keeper ALTER COLUMN b DROP EXPRESSION;
ALTER TABLE public.staying__keeper DROP COLUMN b__old;
ALTER FOREIGN TABLE public.staying DROP COLUMN b__old;
ALTER TABLE public.staying__keeper ADD COLUMN e date DEFAULT now();
ALTER FOREIGN TABLE public.staying ALTER COLUMN c OPTIONS (ADD column_name 'C');
ALTER TABLE public.staying__keeper ADD CONSTRAINT parent_a_not_null NOT NULL a;
ALTER TABLE public.staying__keeper ADD CONSTRAINT parent_a_check CHECK ((a > 0));
ALTER TABLE public.staying INHERIT public.parent;
ALTER TABLE public.staying NO INHERIT public.staying__keeper;
DROP TABLE public.staying__keeper;
CREATE FOREIGN TABLE public.coming (
    b text DEFAULT 'x'::text,
    more integer
)
INHERITS (public.parent)
SERVER far;
ALTER FOREIGN TABLE public.coming ALTER COLUMN a OPTIONS (ADD column_name 'A');
ALTER FOREIGN TABLE public.coming ALTER COLUMN e SET DEFAULT now();
ALTER FOREIGN TABLE public.leaving ALTER COLUMN b SET STATISTICS 77;
ALTER FOREIGN TABLE public.leaving ALTER COLUMN b OPTIONS (DROP column_name);
ALTER TABLE public.leaving RENAME CONSTRAINT parent_a_not_null TO leaving_a_not_null;
ALTER FOREIGN TABLE public.other ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER FOREIGN TABLE public.other ALTER COLUMN b SET DEFAULT 'own'::text;
ALTER TABLE public.divided ATTACH PARTITION public.other FOR VALUES IN (2);
CREATE FOREIGN TABLE public.part (
    a integer,
    b text DEFAULT 'y'::text
)
SERVER far;
ALTER FOREIGN TABLE public.part ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER TABLE public.divided ATTACH PARTITION public.part FOR VALUES IN (1);
