create table p (n bigint, twice bigint);
create table child (twice bigint) inherits (p);
create table other () inherits (p);
create table grandchild () inherits (other);
create index on other (twice);
comment on column other.twice is 'of n';
create view of_grandchild as select twice from grandchild;
