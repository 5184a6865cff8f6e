ALTER TABLE public.t3 NO INHERIT public.t1;
ALTER TABLE public.x3 NO INHERIT public.x2;
ALTER TYPE public.m RENAME TO m__old;
CREATE TYPE public.m AS ENUM ('a');
ALTER TYPE public.pair RENAME TO pair__old;
CREATE TYPE public.pair AS (
    x bigint,
    y text
);
ALTER TABLE public.t1 ALTER COLUMN a TYPE public.pair USING a::text::public.pair;
ALTER TABLE public.t3 ALTER COLUMN a TYPE public.pair USING a::text::public.pair;
ALTER TABLE public.t3 INHERIT public.t1;
ALTER TABLE public.x1 ALTER COLUMN a TYPE public.m USING a::text::public.m;
ALTER TABLE public.x2 ALTER COLUMN a TYPE public.m USING a::text::public.m;
ALTER TABLE public.x3 INHERIT public.x2;
DROP TYPE public.pair__old;
DROP TYPE public.m__old;
