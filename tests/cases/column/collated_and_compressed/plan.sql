ALTER TABLE public.t ADD COLUMN b text STORAGE MAIN COMPRESSION pglz COLLATE pg_catalog."C" DEFAULT 'x'::text NOT NULL;
CREATE TABLE public.u (
    b text STORAGE EXTERNAL COMPRESSION pglz COLLATE pg_catalog."C"
);
CREATE FOREIGN TABLE public.f (
    b text OPTIONS (x 'y') COLLATE pg_catalog."C"
)
SERVER s;
