ALTER TABLE public.t DETACH PARTITION public.of_one;
ALTER TABLE public.t DETACH PARTITION public.rest;
CREATE SCHEMA other;
CREATE TABLE other.rest PARTITION OF public.t
DEFAULT;
ALTER TABLE public.t ATTACH PARTITION public.loose FOR VALUES IN (3);
CREATE TABLE public.of_one_and_two PARTITION OF public.t
FOR VALUES IN (1, 2);
DROP TABLE public.of_one;
DROP TABLE public.rest;
