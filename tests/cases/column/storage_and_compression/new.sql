create table t (a text, b bytea, c text);
alter table t alter b set storage main;
alter table t alter c set compression pglz;
