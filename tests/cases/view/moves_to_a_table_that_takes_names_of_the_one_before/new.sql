create table r (id int constraint t_pkey primary key, type text, amt numeric);
create view v as select type, sum(amt) as total from r group by type;
create materialized view m as select * from v;
create view w as select * from v where total > 0;
