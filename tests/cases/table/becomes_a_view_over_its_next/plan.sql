DROP VIEW public.w;
DROP VIEW public.x;
DROP FUNCTION public.f();
ALTER TABLE public.t RENAME CONSTRAINT t_pkey TO t_pkey__old;
DROP POLICY p ON public.u;
CREATE TABLE public.d (
    id integer NOT NULL,
    amt numeric,
    CONSTRAINT t_pkey PRIMARY KEY (id)
);
CREATE OR REPLACE VIEW public.v AS
 SELECT amt
   FROM public.d;
DROP TABLE public.t;
CREATE VIEW public.t AS
 SELECT id,
    amt
   FROM public.d;
CREATE POLICY p ON public.u USING (EXISTS ( SELECT
   FROM public.t
  WHERE (t.id = u.t)));
CREATE TABLE public.x (
    amt numeric
);
CREATE FUNCTION public.f()
 RETURNS numeric
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(t.amt) AS sum
    FROM public.t;
END;
CREATE OR REPLACE FUNCTION public.g()
 RETURNS numeric
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(d.amt) AS sum
    FROM public.d;
END;
CREATE VIEW public.w AS
 SELECT public.f() AS f;
