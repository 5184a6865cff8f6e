-- Conversions between encodings.
select c.oid as objid,
       0 as objsubid,
       array[n.nspname, c.conname]::text[] as path,
       pg_encoding_to_char(c.conforencoding)::text as source,
       pg_encoding_to_char(c.contoencoding)::text as destination,
       quote_ident(fn.nspname) || '.' || quote_ident(f.proname) as function,
       c.condefault as default
from pg_conversion c
join pg_namespace n on n.oid = c.connamespace
join pg_proc f on f.oid = c.conproc
join pg_namespace fn on fn.oid = f.pronamespace
where c.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_conversion'::regclass and x.objid = c.oid and x.deptype = 'e'
  )
