CREATE TABLE public.two (
    a integer CONSTRAINT two_a_not_null NOT NULL
);
CREATE TABLE public.child ()
INHERITS (public.one, public.two);
ALTER TABLE public.one ADD CONSTRAINT one_a_set NOT NULL a NOT VALID;
