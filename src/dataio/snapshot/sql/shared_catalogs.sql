-- The catalogues that hold what this database's objects share with the cluster (owners, grantees, tablespaces).
select distinct classid::int8 as catalog
from pg_shdepend
where dbid = (select oid from pg_database where datname = current_database())
