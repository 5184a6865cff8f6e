create table t (id integer not null) partition by range (id);
create table p partition of t for values from (0) to (10);
create index one on t (id);
create unique index two on t (id) where id > 0;
