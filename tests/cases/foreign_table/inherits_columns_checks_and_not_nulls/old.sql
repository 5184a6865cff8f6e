create foreign data wrapper wrapper;
create server far foreign data wrapper wrapper;
create table parent (a integer not null check (a > 0), b text);
create foreign table staying (a integer not null, b text, c integer) server far;
create foreign table leaving () inherits (parent) server far;
alter foreign table leaving alter b options (add column_name 'B');
create table divided (a integer, b text) partition by list (a);
create foreign table other (a integer, b text) server far;
