DROP VIEW public.seen;
ALTER TABLE public.gone DROP CONSTRAINT gone_b_fkey;
ALTER TABLE public.refs DROP CONSTRAINT refs_b_fkey;
ALTER TABLE public.whole DETACH PARTITION public.part;
ALTER TABLE public.refs ADD CONSTRAINT refs_b_fkey FOREIGN KEY (b) REFERENCES public.part(b) ON DELETE CASCADE DEFERRABLE;
COMMENT ON CONSTRAINT refs_b_fkey ON public.refs IS 'stays';
DROP TABLE public.gone_1;
DROP TABLE public.gone;
