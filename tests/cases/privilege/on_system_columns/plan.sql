REVOKE SELECT (xmin) ON TABLE public.t FROM cases_reader;
CREATE TABLE public.added (
    a integer
);
GRANT SELECT (tableoid) ON TABLE public.added TO cases_reader;
GRANT SELECT (ctid) ON TABLE public.t TO cases_writer WITH GRANT OPTION;
GRANT SELECT (tableoid) ON TABLE public.t TO cases_reader;
GRANT UPDATE (a) ON TABLE public.t TO cases_reader;
