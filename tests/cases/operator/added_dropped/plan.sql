DROP OPERATOR public.### (point, point);
CREATE OPERATOR public.!== (
    FUNCTION = public.ne,
    LEFTARG = point,
    RIGHTARG = point,
    COMMUTATOR = OPERATOR(public.!==),
    NEGATOR = OPERATOR(public.===)
);
CREATE OPERATOR public.=== (
    FUNCTION = public.eq,
    LEFTARG = point,
    RIGHTARG = point,
    COMMUTATOR = OPERATOR(public.===),
    NEGATOR = OPERATOR(public.!==)
);
