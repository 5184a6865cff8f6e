DROP EVENT TRIGGER tags;
DROP VIEW public.seen;
CREATE TABLE public.added (
    a integer
);
ALTER TABLE public.kept ADD COLUMN b integer;
DROP TABLE public.gone;
CREATE EVENT TRIGGER commands ON ddl_command_start
    EXECUTE FUNCTION public.forbid();
CREATE EVENT TRIGGER drops ON sql_drop
    EXECUTE FUNCTION public.forbid();
COMMENT ON EVENT TRIGGER drops IS 'no drops any more';
CREATE EVENT TRIGGER tags ON sql_drop
    WHEN TAG IN ('DROP DOMAIN', 'DROP TYPE')
    EXECUTE FUNCTION public.forbid();
