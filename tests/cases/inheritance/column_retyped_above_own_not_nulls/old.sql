create table top (id int not null, d varchar(20) not null);
create table mid (id int constraint m not null, d varchar(20) constraint n not null) inherits (top);
create table low (d varchar(20) constraint o not null) inherits (mid);
create table plain () inherits (top);
create table gone (d varchar(20) not null) inherits (top);
create table below_gone () inherits (gone);
