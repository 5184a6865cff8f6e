CREATE OR REPLACE VIEW public.v AS
 WITH RECURSIVE v(a, up) AS (
         SELECT t.a,
            t.up
           FROM public.t
          WHERE (t.up IS NULL)
        UNION ALL
         SELECT t.a,
            t.up
           FROM (public.t
             JOIN v v_1 ON ((v_1.a = t.up)))
        )
 SELECT a,
    up
   FROM v;
