create table t (id int, a numeric);
alter table t alter a set statistics 50;
alter table t enable row level security;
