CREATE TABLE public.far_north (
    id integer,
    k integer
);
ALTER TABLE public.far_north ADD CONSTRAINT known NOT NULL id NOT VALID;
ALTER TABLE public.north ATTACH PARTITION public.far_north FOR VALUES IN (1);
