CREATE TABLE public.t (
    a integer
);
CREATE FUNCTION public.f()
 RETURNS bigint
 LANGUAGE sql
AS $function$select count(*) from a_second$function$;
CREATE VIEW public.z_first AS
 SELECT a
   FROM public.t;
CREATE VIEW public.a_second AS
 SELECT a
   FROM public.z_first;
CREATE VIEW public.b_third AS
 SELECT public.f() AS n;
