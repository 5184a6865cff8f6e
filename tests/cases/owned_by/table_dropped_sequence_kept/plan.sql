ALTER SEQUENCE public.t_a_seq OWNED BY NONE;
DROP TABLE public.t;
