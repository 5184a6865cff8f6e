ALTER TYPE public.mood ADD VALUE 'fine' AFTER 'sad';
-- in a new transaction
ALTER TABLE public.t ALTER COLUMN m SET DEFAULT 'fine'::public.mood;
ALTER TABLE public.t ADD CONSTRAINT t_m_check CHECK (((m <> 'fine'::public.mood) OR (m IS NULL)));
CREATE VIEW public.fine AS
 SELECT m
   FROM public.t
  WHERE (m = 'fine'::public.mood);
