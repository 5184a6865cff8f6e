DROP INDEX public.b_id;
CREATE UNIQUE INDEX b_id ON public.b (id, k);
ALTER TABLE public.b REPLICA IDENTITY USING INDEX b_id;
