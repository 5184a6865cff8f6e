ALTER TABLE public.t ADD CONSTRAINT t_up_fkey FOREIGN KEY (up) REFERENCES public.t(id);
