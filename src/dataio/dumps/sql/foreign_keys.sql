select c.conrelid::bigint, c.confrelid::bigint from pg_catalog.pg_constraint c where c.contype = 'f' and c.conrelid <> c.confrelid
