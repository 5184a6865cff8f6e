ALTER TABLE public.below NO INHERIT public.u;
ALTER TABLE public.t DETACH PARTITION public.p1;
ALTER TABLE public.t DETACH PARTITION public.p2;
ALTER TABLE public.t DETACH PARTITION public.p3;
ALTER TABLE ONLY public.t ALTER COLUMN b DROP DEFAULT;
ALTER TABLE ONLY public.u ALTER COLUMN b DROP DEFAULT;
ALTER TABLE public.t
    ALTER COLUMN b TYPE boolean USING b::boolean,
    ALTER COLUMN a TYPE boolean USING a::boolean,
    ALTER COLUMN c TYPE text;
ALTER TABLE ONLY public.t ALTER COLUMN b SET DEFAULT false;
ALTER TABLE public.u
    ALTER COLUMN a TYPE boolean USING a::boolean,
    ALTER COLUMN b TYPE boolean USING b::boolean;
ALTER TABLE ONLY public.u ALTER COLUMN b SET DEFAULT false;
DROP TABLE public.below;
DROP TABLE public.p1;
DROP TABLE public.p2;
DROP TABLE public.p3;
