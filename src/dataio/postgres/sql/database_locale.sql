select pg_catalog.pg_encoding_to_char(d.encoding)::text as encoding, pg_catalog.to_jsonb(d) as attributes
  from pg_catalog.pg_database d
 where d.datname = current_database()
