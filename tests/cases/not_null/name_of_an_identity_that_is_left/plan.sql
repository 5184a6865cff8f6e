ALTER TABLE public.p ALTER COLUMN was DROP NOT NULL;
ALTER TABLE public.t ALTER COLUMN was DROP IDENTITY;
ALTER TABLE public.t ALTER COLUMN was DROP NOT NULL;
CREATE SEQUENCE public.p_becomes_seq AS integer;
ALTER TABLE public.p ADD COLUMN becomes integer DEFAULT nextval('public.p_becomes_seq'::regclass) CONSTRAINT n NOT NULL;
ALTER SEQUENCE public.p_becomes_seq OWNED BY public.p.becomes;
ALTER TABLE public.t ADD COLUMN becomes integer GENERATED ALWAYS AS IDENTITY CONSTRAINT n NOT NULL;
CREATE OR REPLACE VIEW public.v AS
 SELECT x,
    becomes AS id
   FROM public.t;
CREATE OR REPLACE VIEW public.w AS
 SELECT x,
    becomes AS id
   FROM public.p;
ALTER TABLE public.p DROP COLUMN was;
ALTER TABLE public.t DROP COLUMN was;
