ALTER TABLE public.t RENAME CONSTRAINT t_pkey TO t_pkey__old;
CREATE TABLE public.r (
    id integer NOT NULL,
    amt numeric,
    CONSTRAINT t_pkey PRIMARY KEY (id)
);
CREATE OR REPLACE RULE r AS
    ON INSERT TO public.u DO  INSERT INTO public.r (id)
  VALUES (new.id);
ALTER POLICY p ON public.u USING (EXISTS ( SELECT
   FROM public.r
  WHERE (r.id = u.t)));
CREATE OR REPLACE FUNCTION public.f()
 RETURNS numeric
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(r.amt) AS sum
    FROM public.r;
END;
CREATE OR REPLACE PROCEDURE public.pr()
 LANGUAGE sql
BEGIN ATOMIC
 DELETE FROM public.r;
END;
DROP TABLE public.t;
