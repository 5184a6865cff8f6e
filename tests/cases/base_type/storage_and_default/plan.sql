ALTER TYPE public.str SET (STORAGE = extended);
