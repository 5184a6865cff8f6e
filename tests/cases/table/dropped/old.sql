create table keep (id int primary key);
create table gone (id int primary key references keep, n serial);
create index on gone (n);
comment on table gone is 'old';
