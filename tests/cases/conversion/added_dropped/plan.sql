DROP CONVERSION public.gone;
CREATE DEFAULT CONVERSION public.conv FOR 'LATIN1' TO 'UTF8' FROM pg_catalog.iso8859_1_to_utf8;
