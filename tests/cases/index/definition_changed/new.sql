create table t (a int, b text);
create index i on t (a, lower(b)) where a > 0;
comment on index i is 'fast';
