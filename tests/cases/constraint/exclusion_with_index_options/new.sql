create table t (r int4range, s int4range);
alter table t add constraint altered exclude using gist (r with &&) with (fillfactor = 60) where (lower(r) > 0) deferrable;
alter table t add constraint reset exclude using gist (s with &&);
alter table t add constraint made exclude using gist (r with =) with (fillfactor = 57) where (lower(r) > 7) deferrable;
create table u (r int4range, constraint e exclude using gist (r with =) with (fillfactor = 57) where (lower(r) > 7));
