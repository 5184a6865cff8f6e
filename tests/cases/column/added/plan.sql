CREATE SEQUENCE public.t_ser_seq AS integer;
ALTER TABLE public.t ADD COLUMN plain text;
ALTER TABLE public.t ADD COLUMN must integer DEFAULT 0 NOT NULL;
ALTER TABLE public.t ADD COLUMN ref integer;
ALTER TABLE public.t ADD COLUMN made integer GENERATED ALWAYS AS ((id * 2)) STORED;
ALTER TABLE public.t ADD COLUMN ser integer DEFAULT nextval('public.t_ser_seq'::regclass) NOT NULL;
ALTER SEQUENCE public.t_ser_seq OWNED BY public.t.ser;
ALTER TABLE public.t ADD CONSTRAINT t_ref_fkey FOREIGN KEY (ref) REFERENCES public.u(id);
