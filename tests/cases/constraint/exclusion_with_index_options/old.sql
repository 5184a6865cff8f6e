create table t (r int4range, s int4range);
alter table t add constraint altered exclude using gist (r with &&) with (fillfactor = 70) where (lower(r) > 0) deferrable;
alter table t add constraint reset exclude using gist (s with &&) with (buffering = on);
alter table t add constraint gone exclude using gist (s with =) with (fillfactor = 57);
