-- Text search configurations with their mappings: token types in name order, each with its dictionaries in theirs.
with configuration as (
    select c.*, n.nspname
    from pg_ts_config c
    join pg_namespace n on n.oid = c.cfgnamespace
    where c.oid >= 16384
      and n.nspname <> 'dataio_meta'
      and n.nspname !~ '^pg_(toast_)?temp_'
      and not exists (
          select from pg_depend x where x.classid = 'pg_ts_config'::regclass and x.objid = c.oid and x.deptype = 'e'
      )
),
token as (
    select p.oid as parser, t.tokid, t.alias
    from (select distinct cfgparser as oid from configuration) p
    cross join lateral ts_token_type(p.oid) t
),
mapping as (
    select m.mapcfg,
           t.alias,
           jsonb_build_array(t.alias)
               || jsonb_agg(quote_ident(n.nspname) || '.' || quote_ident(d.dictname) order by m.mapseqno) as entry
    from configuration c
    join pg_ts_config_map m on m.mapcfg = c.oid
    join token t on t.parser = c.cfgparser and t.tokid = m.maptokentype
    join pg_ts_dict d on d.oid = m.mapdict
    join pg_namespace n on n.oid = d.dictnamespace
    group by m.mapcfg, t.alias
),
mappings as (
    select mapcfg, jsonb_agg(entry order by alias collate "C") as entries from mapping group by mapcfg
)
select c.oid as objid,
       0 as objsubid,
       array[c.nspname, c.cfgname]::text[] as path,
       array[pn.nspname, p.prsname]::text[] as parser,
       coalesce(m.entries, '[]') as mappings
from configuration c
join pg_ts_parser p on p.oid = c.cfgparser
join pg_namespace pn on pn.oid = p.prsnamespace
left join mappings m on m.mapcfg = c.oid
