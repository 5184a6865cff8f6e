DROP INDEX public.t_lower;
ALTER TABLE public.t
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN v TYPE character varying(40);
ALTER INDEX public.t_pkey DEPENDS ON EXTENSION plpgsql;
CREATE INDEX t_lower ON public.t (lower((v)::text));
ALTER INDEX public.t_lower DEPENDS ON EXTENSION plpgsql;
ALTER INDEX public.t_v DEPENDS ON EXTENSION plpgsql;
CREATE OR REPLACE FUNCTION public.f()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$begin return null; end$function$;
CREATE OR REPLACE TRIGGER tr BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.f();
ALTER TRIGGER tr ON public.t DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION public.f() DEPENDS ON EXTENSION plpgsql;
CREATE OR REPLACE PROCEDURE public.p()
 LANGUAGE plpgsql
AS $procedure$begin null; end$procedure$;
ALTER PROCEDURE public.p() DEPENDS ON EXTENSION plpgsql;
