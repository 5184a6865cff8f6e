ALTER TABLE public.harbour NO INHERIT public.port;
ALTER TABLE public.pier NO INHERIT public.town;
ALTER TABLE public.town RENAME CONSTRAINT known TO there;
ALTER TABLE public.harbour INHERIT public.port;
ALTER TABLE public.pier INHERIT public.town;
