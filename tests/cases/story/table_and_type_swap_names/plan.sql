DROP TABLE public.y;
CREATE TYPE public.y AS ENUM ('a');
DROP TYPE public.x;
CREATE TABLE public.x (
    a integer
);
