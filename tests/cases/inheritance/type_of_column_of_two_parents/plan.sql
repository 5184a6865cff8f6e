CREATE TABLE public.child__keeper (m integer);
ALTER TABLE public.child INHERIT public.child__keeper;
ALTER TABLE public.child NO INHERIT public.b;
ALTER TABLE public.a ALTER COLUMN n TYPE bigint;
ALTER TABLE public.b
    ALTER COLUMN n TYPE bigint,
    ALTER COLUMN m TYPE bigint;
ALTER TABLE public.child__keeper ALTER COLUMN m TYPE bigint;
ALTER TABLE public.child INHERIT public.b;
ALTER TABLE public.child NO INHERIT public.child__keeper;
DROP TABLE public.child__keeper;
