ALTER TABLE public.part DROP CONSTRAINT part_b_fkey;
ALTER TABLE public.refs DETACH PARTITION public.refs_1;
ALTER TABLE public.refs DROP CONSTRAINT k;
ALTER TABLE public.refs_1 DROP CONSTRAINT k;
ALTER TABLE public.whole DETACH PARTITION public.part;
ALTER TABLE public.part ADD CONSTRAINT part_b_fkey FOREIGN KEY (b) REFERENCES public.part(a);
ALTER TABLE public.other ATTACH PARTITION public.part FOR VALUES IN (1);
ALTER TABLE public.refs ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public.part(a);
ALTER TABLE public.refs_1 ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public.part(a);
