CREATE TABLE public.t (
    a integer DEFAULT 1
);
CREATE FUNCTION public.f()
 RETURNS bigint
 LANGUAGE sql
AS $function$select count(*) from t$function$;
