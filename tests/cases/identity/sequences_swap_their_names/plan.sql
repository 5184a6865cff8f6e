ALTER TABLE public.swapped ALTER COLUMN i DROP IDENTITY;
ALTER SEQUENCE public.z RENAME TO z1;
CREATE SEQUENCE public.z;
DROP SEQUENCE public.l2;
ALTER SEQUENCE public.l1 RENAME TO l2;
CREATE TABLE public.l1 (
    a integer
);
ALTER SEQUENCE public.y RENAME TO x;
ALTER TABLE public.swapped ALTER COLUMN i ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.y);
SELECT pg_catalog.setval('public.y', GREATEST(max(i) + 1, 1), false) FROM public.swapped;
