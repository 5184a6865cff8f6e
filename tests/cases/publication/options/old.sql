create table t (id int primary key);
create publication gone for table t;
create publication p for table t;
