ALTER TABLE public.t OF public.pair;
