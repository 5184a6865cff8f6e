create table m (a integer, b integer) partition by range (a);
create table m_1 partition of m for values from (0) to (10) partition by list (b);
create table m_1_1 partition of m_1 for values in (1, 2);
