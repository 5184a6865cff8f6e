ALTER POLICY p ON public.t TO cases_reader, cases_writer USING (a > 1) WITH CHECK (a > 6);
