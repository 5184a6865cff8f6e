ALTER TABLE public.e ATTACH PARTITION public.e_2 FOR VALUES IN ('[2,3)');
ALTER TABLE public.e ADD CONSTRAINT x EXCLUDE USING gist (r WITH =);
ALTER TABLE public.e ADD CONSTRAINT y EXCLUDE USING gist (r WITH =, int4range(id, id) WITH &&);
CREATE TABLE public.f (
    id integer,
    r int4range,
    CONSTRAINT z EXCLUDE USING gist (r WITH =)
)
PARTITION BY LIST (r);
CREATE TABLE public.f_1 PARTITION OF public.f
FOR VALUES IN ('[1,2)');
