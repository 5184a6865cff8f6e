create table a (id int primary key);
create table b (id int constraint f references a deferrable initially deferred, u int constraint u unique deferrable);
