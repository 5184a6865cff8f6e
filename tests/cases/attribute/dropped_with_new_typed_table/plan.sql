ALTER TYPE public.pair ALTER ATTRIBUTE a TYPE bigint;
ALTER TYPE public.pair ADD ATTRIBUTE d text;
ALTER TYPE public.pair DROP ATTRIBUTE b;
CREATE TABLE public.t OF public.pair (
    a WITH OPTIONS CONSTRAINT t_a_not_null NOT NULL
);
CREATE TABLE public.below ()
INHERITS (public.t);
