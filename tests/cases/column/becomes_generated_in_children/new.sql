create table p (n bigint, twice bigint generated always as (n * 2) virtual);
create table child (twice bigint generated always as (n * 3) virtual) inherits (p);
create table other () inherits (p);
create table grandchild () inherits (other);
comment on column other.twice is 'of n';
create view of_grandchild as select twice from grandchild;
