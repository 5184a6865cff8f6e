CREATE TABLE public.t (
    a integer
);
ALTER TABLE public.t OWNER TO cases_owner;
REVOKE GRANT OPTION FOR ALL ON TABLE public.t FROM cases_owner;
CREATE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
ALTER FUNCTION public.f() OWNER TO cases_owner;
