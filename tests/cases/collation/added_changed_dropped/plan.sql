DROP INDEX public.t_a;
ALTER COLLATION public.c RENAME TO c__old;
CREATE COLLATION public.c (provider = builtin, locale = 'C.UTF-8');
ALTER TABLE public.t ALTER COLUMN a TYPE text COLLATE public.c;
CREATE INDEX t_a ON public.t (a);
DROP COLLATION public.c__old;
DROP COLLATION public.gone;
