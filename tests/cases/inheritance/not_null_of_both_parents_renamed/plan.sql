ALTER TABLE public.harbour NO INHERIT public.port;
ALTER TABLE public.port RENAME CONSTRAINT known TO there;
ALTER TABLE public.town RENAME CONSTRAINT known TO there;
ALTER TABLE public.harbour INHERIT public.port;
