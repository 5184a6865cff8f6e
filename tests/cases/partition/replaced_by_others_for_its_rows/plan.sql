ALTER TABLE public.t DETACH PARTITION public.old_one;
CREATE TABLE public.new_one PARTITION OF public.t
FOR VALUES IN (1);
CREATE TABLE public.new_two PARTITION OF public.t
FOR VALUES IN (2, 4);
CREATE TABLE public.r_2025 PARTITION OF public.r
FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE OR REPLACE FUNCTION public.of_old()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(*) AS count
    FROM public.new_two;
END;
DROP TABLE public.old_one;
DROP TABLE public.old_two;
DROP TABLE public.r_2024;
