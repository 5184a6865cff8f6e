DROP VIEW public.v;
ALTER TABLE public.t ALTER COLUMN d DROP DEFAULT;
ALTER DOMAIN public.d RENAME TO d__old;
CREATE DOMAIN public.d AS bigint
    CONSTRAINT d_check CHECK ((VALUE > 0));
ALTER TABLE public.t ALTER COLUMN d TYPE public.d USING d::text::public.d;
ALTER TABLE public.t ALTER COLUMN d SET DEFAULT 1;
CREATE VIEW public.v AS
 SELECT d
   FROM public.t;
DROP DOMAIN public.d__old;
