create table m (at date not null, n bigint) partition by range (at);
create table m_2020 partition of m for values from ('2020-01-01') to ('2021-01-01') partition by list (n);
alter table m add constraint n_positive check (n > 0) not valid;
