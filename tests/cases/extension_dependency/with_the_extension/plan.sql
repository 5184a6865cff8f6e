DROP FUNCTION public.a();
ALTER FUNCTION public.z() NO DEPENDS ON EXTENSION vector;
DROP INDEX public.a_index;
DROP EXTENSION vector;
