create table m (a bigint, b integer) partition by range (a);
create table m_1 (a bigint, b integer, constraint m_1_key unique (a, b)) partition by list (b);
create table m_1_1 partition of m_1 for values in (1);
alter table m attach partition m_1 for values from (0) to (10);
