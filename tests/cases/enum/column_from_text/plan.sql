ALTER TABLE public.t DROP CONSTRAINT t_m_check;
ALTER TABLE public.t ALTER COLUMN m DROP DEFAULT;
CREATE TYPE public.mood AS ENUM ('sad', 'happy');
ALTER TABLE public.t ALTER COLUMN m TYPE public.mood USING m::public.mood;
ALTER TABLE public.t ALTER COLUMN m SET DEFAULT 'sad'::public.mood;
