-- User mappings, from the view that anyone may read: it shows options only to those who may see them, and nobody
-- else's to an ordinary role.
select m.umid as objid,
       0 as objsubid,
       array[m.srvname, case when m.umuser = 0 then '@public' else m.usename end]::text[] as path,
       coalesce((select array_agg(o order by o collate "C") from unnest(m.umoptions) o), '{}') as options
from pg_user_mappings m
where m.umid >= 16384
