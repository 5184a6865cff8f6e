create table t (a text, b text collate "C");
create index t_a on t (a);
