create table top (id bigint not null, other bigint, primary key (id)) partition by range (id);
create table one (id bigint not null, other bigint);
alter table top attach partition one for values from (0) to (10);
create table mid (id bigint not null, other bigint, primary key (id)) partition by range (id);
create table low (id bigint not null, other bigint, primary key (id));
alter table mid attach partition low for values from (30) to (40);
alter table top attach partition mid for values from (30) to (40);
alter table top add foreign key (other) references top (id);
