ALTER TABLE public.p ADD CONSTRAINT p_a_not_null NOT NULL a;
