CREATE TYPE public.floatrange AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = pg_catalog.float8mi, MULTIRANGE_TYPE_NAME = public.floatranges);
CREATE TABLE public.t (
    r public.floatrange,
    m public.floatranges
);
DROP TYPE public.gone;
