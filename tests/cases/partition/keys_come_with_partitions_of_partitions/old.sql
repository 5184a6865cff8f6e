create table top (id bigint not null, other bigint) partition by range (id);
create table one (id bigint not null, other bigint);
alter table top attach partition one for values from (0) to (10);
