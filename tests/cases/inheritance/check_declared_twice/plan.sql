CREATE TABLE public.below (
    a integer,
    CONSTRAINT first CHECK ((a > 0)),
    CONSTRAINT other CHECK ((a > 0))
)
INHERITS (public.t);
