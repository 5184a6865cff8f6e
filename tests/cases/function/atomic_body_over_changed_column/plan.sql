DROP FUNCTION public.g();
DROP FUNCTION public.f();
ALTER TABLE public.t ALTER COLUMN a TYPE bigint;
CREATE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT (t.a)::integer AS a
    FROM public.t;
END;
CREATE FUNCTION public.g()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT public.f() AS f;
END;
