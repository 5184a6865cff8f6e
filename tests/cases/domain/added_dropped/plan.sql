CREATE DOMAIN public.email AS text COLLATE pg_catalog."C" DEFAULT 'a@b'::text NOT NULL
    CONSTRAINT email_check CHECK ((VALUE ~~ '%@%'::text));
CREATE TABLE public.t (
    e public.email,
    es public.email[]
);
DROP DOMAIN public.gone;
