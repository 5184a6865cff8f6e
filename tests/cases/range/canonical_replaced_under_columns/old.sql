create type r;
create function r_canonical(r) returns r language internal immutable strict as 'int4range_canonical';
create type r as range (subtype = int, canonical = r_canonical);
create table t (id int, span r);
