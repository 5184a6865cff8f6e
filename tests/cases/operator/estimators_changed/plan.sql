ALTER OPERATOR public.=== (point, point) SET (RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel);
