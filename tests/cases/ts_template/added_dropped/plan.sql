DROP TEXT SEARCH TEMPLATE public.gone;
CREATE TEXT SEARCH TEMPLATE public.tt (INIT = pg_catalog.dsimple_init, LEXIZE = pg_catalog.dsimple_lexize);
