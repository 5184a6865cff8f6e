create table m (at date not null, n bigint, twice bigint generated always as (n * 2) stored) partition by range (at);
create table m_2020 partition of m for values from ('2020-01-01') to ('2021-01-01') partition by list (n);
create table m_2020_rest partition of m_2020 default;
create table m_rest partition of m default;
