create table top (id bigint not null, d integer not null);
create table mid (id bigint constraint m not null, d integer constraint n not null) inherits (top);
create table low (d integer constraint o not null) inherits (mid);
create table plain () inherits (top);
