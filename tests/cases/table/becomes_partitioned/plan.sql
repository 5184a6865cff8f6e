DROP TABLE public.t;
CREATE TABLE public.t (
    id integer,
    at date
)
PARTITION BY RANGE (at);
CREATE TABLE public.t_2026 PARTITION OF public.t
FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
