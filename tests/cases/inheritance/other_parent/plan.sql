CREATE TABLE public.c__keeper (a integer, b text);
ALTER TABLE public.c__keeper ADD CONSTRAINT positive CHECK ((a > 0));
ALTER TABLE public.c INHERIT public.c__keeper;
ALTER TABLE public.c NO INHERIT public.p;
CREATE TABLE public.q (
    a integer,
    b text,
    CONSTRAINT positive CHECK ((a > 0))
);
ALTER TABLE public.c INHERIT public.q;
ALTER TABLE public.c NO INHERIT public.c__keeper;
DROP TABLE public.c__keeper;
