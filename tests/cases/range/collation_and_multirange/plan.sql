DROP TYPE public.r;
CREATE TYPE public.r AS RANGE (SUBTYPE = text, COLLATION = pg_catalog."C", MULTIRANGE_TYPE_NAME = public.rs);
