ALTER TABLE public.part RENAME CONSTRAINT own_name TO b_there;
ALTER TABLE public.t ADD CONSTRAINT b_there NOT NULL b;
