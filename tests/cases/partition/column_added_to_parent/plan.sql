ALTER TABLE public.t ADD COLUMN b text DEFAULT 'x'::text CONSTRAINT t_b_not_null NOT NULL;
