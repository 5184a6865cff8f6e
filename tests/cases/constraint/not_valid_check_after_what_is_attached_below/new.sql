create table kept (a integer);
create table m (a integer, b integer) partition by range (a);
create table m_1 partition of m for values from (1) to (10) partition by list (b);
create table m_1_1 (b integer, a integer);
alter table m_1 attach partition m_1_1 for values in (3);
alter table m add constraint positive check (b > 0) not valid;
