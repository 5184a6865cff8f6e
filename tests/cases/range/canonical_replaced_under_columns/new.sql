create type r;
create function r_canonical(r) returns r language internal immutable strict as 'int8range_canonical';
create type r as range (subtype = bigint, canonical = r_canonical);
create table t (id int, span r);
