DROP TEXT SEARCH DICTIONARY public.gone;
ALTER TEXT SEARCH DICTIONARY public.d (accept = 'false');
CREATE TEXT SEARCH DICTIONARY public.fresh (TEMPLATE = pg_catalog.simple);
