DROP STATISTICS public.gone;
DROP STATISTICS public.s;
CREATE STATISTICS public.e ON c, (a + b) FROM public.t;
CREATE STATISTICS public.s (ndistinct, mcv) ON a, c FROM public.t;
COMMENT ON STATISTICS public.s IS 'for the planner';
