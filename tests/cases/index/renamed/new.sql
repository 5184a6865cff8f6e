create table t (a int, b text);
create index new_name on t (a);
