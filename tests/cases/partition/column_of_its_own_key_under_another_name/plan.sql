ALTER TABLE public.r DETACH PARTITION public.p;
ALTER TABLE public.p DETACH PARTITION public.p1;
DROP TABLE public.p;
CREATE TABLE public.p (
    a integer,
    d text
)
PARTITION BY LIST (d);
ALTER TABLE public.r ADD COLUMN d text;
ALTER TABLE public.r DROP COLUMN c;
ALTER TABLE public.r ATTACH PARTITION public.p FOR VALUES FROM (0) TO (10);
ALTER TABLE public.p1 ADD COLUMN d text;
ALTER TABLE public.p1 DROP COLUMN c;
ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN ('x');
