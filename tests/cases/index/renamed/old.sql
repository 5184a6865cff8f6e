create table t (a int, b text);
create index old_name on t (a);
