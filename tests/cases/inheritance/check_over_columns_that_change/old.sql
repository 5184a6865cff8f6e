create table p (id integer, d text);
create table c (id integer, d varchar(20));
create table nn (a integer constraint a_there not null, b integer not null, c text);
create table nn_child (d integer) inherits (nn);
