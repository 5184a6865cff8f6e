CREATE TABLE public.t1 PARTITION OF public.t
FOR VALUES WITH (modulus 2, remainder 1);
CREATE TABLE public.u_rest PARTITION OF public.u
DEFAULT;
