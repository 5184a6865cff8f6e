CREATE POLICY added ON public.t AS RESTRICTIVE USING (( SELECT (t.level <= allowed.level)
   FROM public.allowed
  WHERE (allowed.who = CURRENT_USER)));
ALTER POLICY changed ON public.t USING (( SELECT (t.level <= allowed.level)
   FROM public.allowed
  WHERE (allowed.who = CURRENT_USER))) WITH CHECK (( WITH x AS (
         SELECT 1 AS "?column?"
        )
 SELECT true
   FROM x));
CREATE POLICY two ON public.t FOR SELECT USING (( SELECT true) AND (a > 0));
