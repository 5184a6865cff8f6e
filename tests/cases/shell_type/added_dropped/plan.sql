CREATE TYPE public.coming;
DROP TYPE public.gone;
