DROP VIEW public.v;
DROP OPERATOR public.=== (point, point);
CREATE OPERATOR public.=== (
    FUNCTION = public.eq2,
    LEFTARG = point,
    RIGHTARG = point
);
CREATE VIEW public.v AS
 SELECT p
   FROM public.t
  WHERE (p OPERATOR(public.===) p);
