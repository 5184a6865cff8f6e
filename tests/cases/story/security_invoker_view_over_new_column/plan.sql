DROP VIEW public.v;
ALTER TABLE public.t ADD COLUMN c date;
CREATE VIEW public.v WITH (security_invoker = on) AS
 SELECT a,
    c,
    b
   FROM public.t;
