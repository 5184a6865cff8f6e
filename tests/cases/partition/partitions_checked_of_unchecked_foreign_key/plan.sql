CREATE TABLE public.more (
    c integer,
    b integer
)
PARTITION BY LIST (c);
CREATE TABLE public.more_1 PARTITION OF public.more
FOR VALUES IN (1);
CREATE TABLE public.more_2 PARTITION OF public.more
FOR VALUES IN (2);
ALTER TABLE public.more ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public.part(b) NOT VALID;
ALTER TABLE public.more_1 VALIDATE CONSTRAINT k;
CREATE TABLE public.refs_1 PARTITION OF public.refs
FOR VALUES IN (1)
PARTITION BY LIST (b);
CREATE TABLE public.refs_1_1 PARTITION OF public.refs_1
FOR VALUES IN (1);
ALTER TABLE public.refs_1_1 VALIDATE CONSTRAINT k;
ALTER TABLE public.refs_2 VALIDATE CONSTRAINT k;
CREATE TABLE public.refs_3 PARTITION OF public.refs
FOR VALUES IN (3);
ALTER TABLE public.refs_3 VALIDATE CONSTRAINT k;
CREATE TABLE public.refs_4 (
    b integer,
    c integer
);
ALTER TABLE public.refs ATTACH PARTITION public.refs_4 FOR VALUES IN (4);
ALTER TABLE public.refs_4 VALIDATE CONSTRAINT k;
