create type pair as (a int, b text);
create table t of pair; alter table t alter b set storage external, alter b set statistics 5, alter b set compression pglz;
create index i on t ((a+1)); alter index i alter column 1 set statistics 4;
create statistics s on a,b from t; alter statistics s set statistics 9;
