create table p (id integer, d bigint constraint positive check (d > 0));
create table c (id integer, d bigint) inherits (p);
create table nn (a integer not null no inherit, b integer constraint b_is not null, c text constraint c_is not null,
    constraint both_there check (c <> 'x' and b > 1));
create table nn_child (a integer constraint a_child not null, b integer, c text, d integer) inherits (nn);
