ALTER TABLE public.p DROP CONSTRAINT recent;
ALTER TABLE public.declaring DROP CONSTRAINT recent;
CREATE TABLE public.of_declaring ()
INHERITS (public.declaring);
ALTER TABLE public.declaring ADD CONSTRAINT recent CHECK ((d > '2020-01-01'::date)) NOT VALID;
CREATE TABLE public.grandchild (
    n integer
)
INHERITS (public.child);
CREATE TABLE public.further ()
INHERITS (public.grandchild);
ALTER TABLE public.p ADD CONSTRAINT recent CHECK ((d > '2020-01-01'::date)) NOT VALID;
COMMENT ON CONSTRAINT recent ON public.checked IS 'of all rows';
COMMENT ON CONSTRAINT recent ON public.child IS 'rows of before';
ALTER TABLE public.checked VALIDATE CONSTRAINT recent;
