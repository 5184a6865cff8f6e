create table t (a integer, b text not null, c integer);
