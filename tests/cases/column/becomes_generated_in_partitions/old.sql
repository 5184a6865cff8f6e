create table m (at date not null, n bigint, twice bigint) partition by range (at);
create table m_2020 partition of m for values from ('2020-01-01') to ('2021-01-01');
create table m_2021 partition of m for values from ('2021-01-01') to ('2022-01-01');
create index on m (twice);
comment on column m_2020.twice is 'of n';
