create table t (id integer not null) partition by list (id);
create table p partition of t for values in (1);
create unique index one on t (id) where id > 0;
create unique index two on t (id) where id > 0;
