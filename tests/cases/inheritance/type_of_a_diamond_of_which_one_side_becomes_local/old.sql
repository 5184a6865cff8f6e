create table a (a int); create table b (b text) inherits (a); create table c (c text) inherits (a); create table d (d text) inherits (b, c);
