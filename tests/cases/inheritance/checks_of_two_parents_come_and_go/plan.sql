ALTER TABLE public.harbour ADD CONSTRAINT known CHECK ((id > 0));
ALTER TABLE public.port DROP CONSTRAINT known;
ALTER TABLE public.town DROP CONSTRAINT known;
ALTER TABLE public.town DROP CONSTRAINT size;
ALTER TABLE public.harbour VALIDATE CONSTRAINT small;
ALTER TABLE public.harbour ADD CONSTRAINT small CHECK ((id < 9));
ALTER TABLE public.town DROP CONSTRAINT small;
ALTER TABLE public.town DROP COLUMN x;
