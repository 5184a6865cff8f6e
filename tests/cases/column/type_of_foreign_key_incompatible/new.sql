create table a (id text primary key);
create table b (a_id text references a);
