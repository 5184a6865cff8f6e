create type r as range (subtype = bigint);
create table t (r r);
