ALTER TABLE public.child NO INHERIT public.one;
ALTER TABLE public.child NO INHERIT public.two;
ALTER TABLE public.one ADD CONSTRAINT positive CHECK ((a > 0)) NOT ENFORCED;
ALTER TABLE public.two ADD CONSTRAINT positive CHECK ((a > 0));
DROP TABLE public.child;
