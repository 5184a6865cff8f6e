ALTER TABLE public.en DROP CONSTRAINT positive;
ALTER TABLE public.en_child ADD CONSTRAINT positive CHECK ((a > 0));
ALTER TABLE public.en ADD CONSTRAINT positive CHECK ((a > 0)) NOT VALID;
