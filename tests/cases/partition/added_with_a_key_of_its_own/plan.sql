CREATE TABLE public.parent (
    id integer CONSTRAINT id_there NOT NULL
);
CREATE TABLE public.child (
    NOT NULL id,
    CONSTRAINT child_key PRIMARY KEY (id),
    CONSTRAINT extra CHECK ((id > 0))
)
INHERITS (public.parent);
CREATE TABLE public.one PARTITION OF public.t
FOR VALUES IN (1);
ALTER TABLE public.one ADD CONSTRAINT one_pkey PRIMARY KEY (a);
