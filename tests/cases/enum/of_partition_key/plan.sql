ALTER TYPE public.k ADD VALUE 'c';
-- in a new transaction
CREATE TABLE public.tc PARTITION OF public.t
FOR VALUES IN ('c');
