-- Aggregates, in the words of CREATE AGGREGATE.
with aggregate as (
    select p.oid, n.nspname, p.proname, p.proargtypes, p.proparallel, a.*
    from pg_proc p
    join pg_aggregate a on a.aggfnoid = p.oid
    join pg_namespace n on n.oid = p.pronamespace
    where p.prokind = 'a'
      and p.oid >= 16384
      and n.nspname <> 'dataio_meta'
      and n.nspname !~ '^pg_(toast_)?temp_'
      and not exists (
          select from pg_depend x where x.classid = 'pg_proc'::regclass and x.objid = p.oid and x.deptype = 'e'
      )
),
support as (
    select p.oid, quote_ident(n.nspname) || '.' || quote_ident(p.proname) as name
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.oid in (
        select unnest(array[
            aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn
        ]::oid[])
        from aggregate
    )
)
select a.oid as objid,
       0 as objsubid,
       array[a.nspname, a.proname, oidvectortypes(a.proargtypes)]::text[] as path,
       coalesce(nullif(pg_get_function_arguments(a.oid), ''), '*') as signature,
       case a.aggkind when 'n' then 'normal' when 'o' then 'ordered-set' when 'h' then 'hypothetical' end as variety,
       f_trans.name as sfunc,
       format_type(a.aggtranstype, null) as stype,
       nullif(a.aggtransspace, 0) as sspace,
       f_final.name as finalfunc,
       a.aggfinalextra as finalfunc_extra,
       case when a.aggfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end
           then case a.aggfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end
       end as finalfunc_modify,
       f_combine.name as combinefunc,
       f_serial.name as serialfunc,
       f_deserial.name as deserialfunc,
       f_mtrans.name as msfunc,
       f_minvtrans.name as minvfunc,
       case when a.aggmtranstype <> 0 then format_type(a.aggmtranstype, null) end as mstype,
       nullif(a.aggmtransspace, 0) as msspace,
       f_mfinal.name as mfinalfunc,
       a.aggmfinalextra as mfinalfunc_extra,
       case when a.aggmfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end
           then case a.aggmfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end
       end as mfinalfunc_modify,
       a.agginitval as initcond,
       a.aggminitval as minitcond,
       case when o.oid is not null then 'OPERATOR(' || quote_ident(sn.nspname) || '.' || o.oprname || ')' end as sortop,
       case a.proparallel when 's' then 'safe' when 'r' then 'restricted' end as parallel
from aggregate a
left join support f_trans on f_trans.oid = a.aggtransfn
left join support f_final on f_final.oid = a.aggfinalfn
left join support f_combine on f_combine.oid = a.aggcombinefn
left join support f_serial on f_serial.oid = a.aggserialfn
left join support f_deserial on f_deserial.oid = a.aggdeserialfn
left join support f_mtrans on f_mtrans.oid = a.aggmtransfn
left join support f_minvtrans on f_minvtrans.oid = a.aggminvtransfn
left join support f_mfinal on f_mfinal.oid = a.aggmfinalfn
left join pg_operator o on o.oid = a.aggsortop
left join pg_namespace sn on sn.oid = o.oprnamespace
