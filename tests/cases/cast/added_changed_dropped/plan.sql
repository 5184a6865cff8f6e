DROP CAST (public.a AS public.b);
DROP CAST (public.b AS public.a);
CREATE CAST (public.a AS public.b) WITH FUNCTION public.a_to_b(public.a) AS ASSIGNMENT;
COMMENT ON CAST (public.a AS public.b) IS 'over';
