CREATE TABLE public.p (
    a integer,
    shared integer DEFAULT 1,
    CONSTRAINT p_a_check CHECK ((a > 0))
);
CREATE TABLE public.q (
    b integer,
    shared integer DEFAULT 1
);
CREATE TABLE public.c (
    a integer DEFAULT 7,
    d integer
)
INHERITS (public.p, public.q);
ALTER TABLE public.c ALTER COLUMN shared SET DEFAULT 1;
