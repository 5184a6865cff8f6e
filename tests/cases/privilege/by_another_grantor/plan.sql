SET ROLE cases_writer;
GRANT SELECT ON TABLE public.t TO cases_reader;
RESET ROLE;
