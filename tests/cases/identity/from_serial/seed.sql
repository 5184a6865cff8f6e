insert into t default values;
insert into t default values;
