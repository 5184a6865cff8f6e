create table nn (a integer constraint a_there not null, b integer not null, c text);
create table nn_child (d integer) inherits (nn);
create table nn_grand (e integer) inherits (nn_child);
