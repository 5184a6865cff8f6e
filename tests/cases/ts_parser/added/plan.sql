CREATE TEXT SEARCH PARSER public.p (START = pg_catalog.prsd_start, GETTOKEN = pg_catalog.prsd_nexttoken, END = pg_catalog.prsd_end, LEXTYPES = pg_catalog.prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = public.p);
