create table t (id bigint primary key, a int);
create publication p for table t where (id > 1);
