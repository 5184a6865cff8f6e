DROP VIEW public.low_kinds;
ALTER TABLE public.reading DETACH PARTITION public.high;
ALTER TABLE public.high DROP CONSTRAINT kind_given;
ALTER TABLE public.high ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE public.reading DETACH PARTITION public.low;
ALTER TABLE public.low DROP CONSTRAINT kind_given;
ALTER TABLE public.low DROP CONSTRAINT low_pkey;
ALTER TABLE public.reading DETACH PARTITION public.middle;
ALTER TABLE public.middle DROP CONSTRAINT kind_given;
ALTER TABLE public.middle DROP CONSTRAINT middle_pkey;
ALTER TABLE public.high RENAME CONSTRAINT reading_id_not_null TO high_id_not_null;
CREATE TABLE public.low__keeper ();
ALTER TABLE public.low INHERIT public.low__keeper;
ALTER TABLE public.low DROP COLUMN twice;
ALTER TABLE public.low ALTER COLUMN id DROP NOT NULL;
ALTER TABLE public.low RENAME COLUMN id TO id__old;
ALTER TABLE public.low__keeper ADD COLUMN id__old integer;
ALTER TABLE public.low__keeper ADD COLUMN id integer GENERATED ALWAYS AS (id__old) STORED;
ALTER TABLE public.low__keeper ALTER COLUMN id DROP EXPRESSION;
ALTER TABLE public.low__keeper DROP COLUMN id__old;
ALTER TABLE public.low DROP COLUMN id__old;
ALTER TABLE public.low RENAME COLUMN kind TO kind__old;
ALTER TABLE public.low__keeper ADD COLUMN kind__old text;
ALTER TABLE public.low__keeper ADD COLUMN kind text GENERATED ALWAYS AS (kind__old) STORED;
ALTER TABLE public.low__keeper ALTER COLUMN kind DROP EXPRESSION;
ALTER TABLE public.low__keeper DROP COLUMN kind__old;
ALTER TABLE public.low DROP COLUMN kind__old;
ALTER TABLE public.low__keeper ADD COLUMN twice integer GENERATED ALWAYS AS ((id * 2)) STORED;
ALTER TABLE public.low ALTER COLUMN kind SET DEFAULT 'a'::text;
ALTER TABLE public.low__keeper ADD CONSTRAINT reading_id_not_null NOT NULL id;
ALTER TABLE public.low__keeper ADD CONSTRAINT kind_given CHECK ((kind <> ''::text));
DROP TABLE public.reading;
CREATE TABLE public.reading (
    id integer CONSTRAINT reading_id_not_null NOT NULL,
    kind text DEFAULT 'a'::text,
    twice integer GENERATED ALWAYS AS ((id * 2)) STORED,
    CONSTRAINT reading_pkey PRIMARY KEY (id),
    CONSTRAINT kind_given CHECK ((kind <> ''::text))
);
ALTER TABLE public.low INHERIT public.reading;
ALTER TABLE public.low NO INHERIT public.low__keeper;
DROP TABLE public.low__keeper;
CREATE TABLE public.middle__keeper (kind text);
ALTER TABLE public.middle INHERIT public.middle__keeper;
ALTER TABLE public.middle DROP COLUMN twice;
ALTER TABLE public.middle ALTER COLUMN id DROP NOT NULL;
ALTER TABLE public.middle RENAME COLUMN id TO id__old;
ALTER TABLE public.middle__keeper ADD COLUMN id__old integer;
ALTER TABLE public.middle__keeper ADD COLUMN id integer GENERATED ALWAYS AS (id__old) STORED;
ALTER TABLE public.middle__keeper ALTER COLUMN id DROP EXPRESSION;
ALTER TABLE public.middle__keeper DROP COLUMN id__old;
ALTER TABLE public.middle DROP COLUMN id__old;
ALTER TABLE public.middle__keeper ADD COLUMN twice integer GENERATED ALWAYS AS ((id * 2)) STORED;
ALTER TABLE public.middle__keeper ADD CONSTRAINT reading_id_not_null NOT NULL id;
ALTER TABLE public.middle__keeper ADD CONSTRAINT kind_given CHECK ((kind <> ''::text));
ALTER TABLE public.middle INHERIT public.reading;
ALTER TABLE public.middle NO INHERIT public.middle__keeper;
DROP TABLE public.middle__keeper;
CREATE VIEW public.low_kinds AS
 SELECT kind
   FROM public.low;
