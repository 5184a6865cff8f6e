create table t (a text, b bytea, c text);
alter table t alter a set storage external;
