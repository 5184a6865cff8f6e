COMMENT ON CONSTRAINT t_a_not_null ON public.t IS NULL;
CREATE TABLE public.later (
    a integer NOT NULL
);
COMMENT ON CONSTRAINT later_a_not_null ON public.later IS 'from the beginning';
COMMENT ON CONSTRAINT there ON public.t IS 'always';
ALTER TABLE public.t RENAME CONSTRAINT before TO after;
