-- Whether the catalogue is there, and whether anything at all is.
SELECT pg_catalog.to_regclass('public.datasets') IS NOT NULL,
       EXISTS (SELECT FROM pg_catalog.pg_class c
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm'))
