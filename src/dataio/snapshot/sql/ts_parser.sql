-- Text search parsers.
with parser as (
    select p.*, n.nspname
    from pg_ts_parser p
    join pg_namespace n on n.oid = p.prsnamespace
    where p.oid >= 16384
      and n.nspname <> 'dataio_meta'
      and n.nspname !~ '^pg_(toast_)?temp_'
      and not exists (
          select from pg_depend x where x.classid = 'pg_ts_parser'::regclass and x.objid = p.oid and x.deptype = 'e'
      )
),
support as (
    select p.oid, quote_ident(n.nspname) || '.' || quote_ident(p.proname) as name
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.oid in (
        select unnest(array[prsstart, prstoken, prsend, prsheadline, prslextype]::oid[]) from parser
    )
)
select p.oid as objid,
       0 as objsubid,
       array[p.nspname, p.prsname]::text[] as path,
       f_start.name as start,
       f_token.name as gettoken,
       f_end.name as end,
       f_headline.name as headline,
       f_lextypes.name as lextypes
from parser p
left join support f_start on f_start.oid = p.prsstart
left join support f_token on f_token.oid = p.prstoken
left join support f_end on f_end.oid = p.prsend
left join support f_headline on f_headline.oid = p.prsheadline
left join support f_lextypes on f_lextypes.oid = p.prslextype
