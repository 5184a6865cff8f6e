ALTER TABLE public.booking DROP CONSTRAINT no_overlap;
ALTER TABLE public.booking DROP CONSTRAINT one_each;
ALTER TABLE public.booking DROP COLUMN room;
ALTER TABLE public.booking DROP COLUMN wing;
