REVOKE SELECT ON TABLE public.t FROM cases_reader;
GRANT SELECT (a) ON TABLE public.t TO cases_reader;
CREATE TABLE public.t2 (
    a integer,
    b integer
);
REVOKE SELECT ON TABLE public.t2 FROM cases_reader;
GRANT SELECT (a) ON TABLE public.t2 TO cases_reader;
GRANT UPDATE (b) ON TABLE public.t2 TO cases_reader;
CREATE VIEW public.v AS
 SELECT 1 AS a,
    2 AS b;
REVOKE SELECT ON TABLE public.v FROM cases_reader;
GRANT SELECT (a) ON TABLE public.v TO cases_reader WITH GRANT OPTION;
GRANT UPDATE (b) ON TABLE public.v TO cases_reader WITH GRANT OPTION;
REVOKE ALL ON TABLE public.v FROM CURRENT_USER;
