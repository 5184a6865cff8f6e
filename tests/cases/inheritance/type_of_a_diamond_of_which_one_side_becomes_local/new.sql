create table a (a bigint); create table b (a bigint, b text) inherits (a); create table c (c text) inherits (a); create table d (d text) inherits (b, c);
