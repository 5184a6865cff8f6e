-- Subscriptions of this database. Only a superuser may read subconninfo (before 15 also other columns), and a plain
-- reference to it fails for everyone else: so ts_stat, the one built-in that runs the query it is given, reads it where
-- that is allowed, in pieces that fit a lexeme. Whatever carries a secret is cut out of it here, on the server.
with piece as (
    select left(word, 10)::bigint::oid as oid, string_agg(substr(word, 15), '' order by word collate "C")::jsonb as doc
    from ts_stat(
        case
            when has_column_privilege('pg_subscription', 'subconninfo', 'select') then $query$
                select array_to_tsvector(array(
                    select lpad(s.oid::text, 10, '0') || lpad(i::text, 4, '0') || substr(s.doc, i * 400 + 1, 400)
                    from generate_series(0, length(s.doc) / 400) i
                ))
                from (
                    select s.oid,
                           jsonb_build_object(
                               'name', s.subname,
                               'conninfo', s.subconninfo,
                               'binary', s.subbinary, -- >=14 <15
                               'stream', s.substream, -- >=14 <15
                               'synccommit', s.subsynccommit
                           )::text as doc
                    from pg_subscription s
                    join pg_database d on d.oid = s.subdbid
                    where d.datname = current_database()
                ) s
            $query$
            else 'select null::tsvector where false'
        end
    )
    group by left(word, 10)
),
readable as (
    select oid,
           doc ->> 'name' as name,
           doc,
           doc ->> 'conninfo' as conninfo,
           doc ->> 'conninfo' ~ '^postgres(ql)?://' as is_url
    from piece
),
connection as (
    select oid,
           name,
           doc,
           case
               when is_url then regexp_replace(
                   regexp_replace(
                       regexp_replace(conninfo, '^(postgres(?:ql)?://[^:@/?]*):[^@/?]*@', '\1@'),
                       '([?&])(?:password|sslpassword|oauth_client_secret|scram_client_key|scram_server_key)=[^&]*&',
                       '\1',
                       'g'
                   ),
                   '[?&](?:password|sslpassword|oauth_client_secret|scram_client_key|scram_server_key)=[^&]*$',
                   ''
               )
               else btrim(regexp_replace(
                   conninfo,
                   '(^|\s)(?:password|sslpassword|oauth_client_secret|scram_client_key|scram_server_key)'
                       '\s*=\s*(?:''(?:[^''\\]|\\.)*''|(?:[^\s\\]|\\.)*)',
                   '',
                   'g'
               ))
           end as conninfo
    from readable
)
select array[s.subname]::text[] as path,
       s.oid as objid, -- >=15
       c.oid as objid, -- <15
       0 as objsubid,
       c.conninfo,
       array(select p from unnest(s.subpublications) p order by p collate "C") as publications,
       s.subslotname::text as slot,
       array_remove(array[
           case when s.subbinary then 'binary=true' end, -- >=15
           case when (c.doc ->> 'binary')::boolean then 'binary=true' end, -- >=14 <15
           case when s.subdisableonerr then 'disable_on_error=true' end, -- >=15
           case when s.subfailover then 'failover=true' end, -- >=17
           case when s.suborigin <> 'any' then 'origin=' || s.suborigin end, -- >=16
           case when not s.subpasswordrequired then 'password_required=false' end, -- >=16
           case when s.subrunasowner then 'run_as_owner=true' end, -- >=16
           case when (c.doc ->> 'stream')::boolean then 'streaming=on' end, -- >=14 <15
           case when s.substream then 'streaming=on' end, -- >=15 <16
           case s.substream when 't' then 'streaming=on' when 'p' then 'streaming=parallel' end, -- >=16 <18
           case s.substream when 't' then 'streaming=on' when 'f' then 'streaming=off' end, -- >=18
           case when s.subsynccommit <> 'off' then 'synchronous_commit=' || s.subsynccommit end, -- >=15
           case when c.doc ->> 'synccommit' <> 'off' then 'synchronous_commit=' || (c.doc ->> 'synccommit') end, -- <15
           case when s.subtwophasestate <> 'd' then 'two_phase=true' end, -- >=15
           null
       ], null) as settings,
       s.subenabled as enabled
from pg_subscription s
join pg_database d on d.oid = s.subdbid
left join connection c on c.oid = s.oid -- >=15
left join connection c on c.name = s.subname -- <15
where d.datname = current_database()
