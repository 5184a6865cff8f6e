create table nn (a integer not null no inherit, b integer constraint b_is not null, c text constraint c_is not null);
create table nn_child (a integer constraint a_child not null, d integer) inherits (nn);
create table nn_grand (e integer, d integer not null) inherits (nn_child);
