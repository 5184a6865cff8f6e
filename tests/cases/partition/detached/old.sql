create table t (id int, v text) partition by list (v);
create table ta partition of t for values in ('a');
