-- Base types. A type is another's array type, and no thing of its own, where that type names it as such.
with base as (
    select t.*, n.nspname, t.typsubscript::oid as subscript_oid -- >=14
    select t.*, n.nspname, 0::oid as subscript_oid -- <14
    from pg_type t
    join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'b'
      and t.oid >= 16384
      and n.nspname <> 'dataio_meta'
      and n.nspname !~ '^pg_(toast_)?temp_'
      and not exists (select from pg_type a where a.oid = t.typelem and a.typarray = t.oid)
      and not exists (
          select from pg_depend x where x.classid = 'pg_type'::regclass and x.objid = t.oid and x.deptype = 'e'
      )
),
support as (
    select p.oid, quote_ident(n.nspname) || '.' || quote_ident(p.proname) as name
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.oid in (
        select unnest(array[
            typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, subscript_oid
        ]::oid[])
        from base
    )
)
select t.oid as objid,
       0 as objsubid,
       array[t.nspname, t.typname]::text[] as path,
       f_input.name as input,
       f_output.name as output,
       f_receive.name as receive,
       f_send.name as send,
       f_modin.name as typmod_in,
       f_modout.name as typmod_out,
       f_analyze.name as analyze,
       f_subscript.name as subscript,
       t.typlen::int as length,
       t.typbyval as by_value,
       case t.typalign when 'c' then 'char' when 's' then 'int2' when 'i' then 'int4' when 'd' then 'double' end
           as alignment,
       case t.typstorage
           when 'p' then 'plain'
           when 'e' then 'external'
           when 'm' then 'main'
           when 'x' then 'extended'
       end as storage,
       nullif(t.typcategory::text, 'U') as category,
       t.typispreferred as preferred,
       t.typdefault as default,
       case when t.typelem <> 0 then format_type(t.typelem, null) end as element,
       nullif(t.typdelim::text, ',') as delimiter,
       t.typcollation <> 0 as collatable
from base t
left join support f_input on f_input.oid = t.typinput
left join support f_output on f_output.oid = t.typoutput
left join support f_receive on f_receive.oid = t.typreceive
left join support f_send on f_send.oid = t.typsend
left join support f_modin on f_modin.oid = t.typmodin
left join support f_modout on f_modout.oid = t.typmodout
left join support f_analyze on f_analyze.oid = t.typanalyze
left join support f_subscript on f_subscript.oid = t.subscript_oid
