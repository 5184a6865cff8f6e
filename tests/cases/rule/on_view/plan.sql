DROP VIEW public.v;
CREATE VIEW public.v AS
 SELECT a
   FROM public.t;
CREATE RULE ins AS
    ON INSERT TO public.v DO INSTEAD  INSERT INTO public.t (a)
  VALUES (new.a);
