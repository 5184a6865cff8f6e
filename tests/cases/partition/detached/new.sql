create table t (id int, v text) partition by list (v);
create table ta (id int, v text);
