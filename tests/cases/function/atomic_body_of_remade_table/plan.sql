DROP FUNCTION public.f();
DROP TABLE public.t;
CREATE TABLE public.t (
    a integer,
    b integer
)
PARTITION BY LIST (b);
CREATE FUNCTION public.f()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(t.b) AS count
    FROM public.t;
END;
