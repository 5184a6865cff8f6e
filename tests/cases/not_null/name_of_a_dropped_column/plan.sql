ALTER TABLE public.t DROP COLUMN was_b;
ALTER TABLE public.t ADD COLUMN b text CONSTRAINT t_b_not_null NOT NULL;
ALTER TABLE public.t ADD COLUMN c integer;
