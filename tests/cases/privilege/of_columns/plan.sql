REVOKE SELECT (a) ON TABLE public.t FROM cases_reader;
GRANT SELECT (b) ON TABLE public.t TO cases_reader;
