create table divided (a integer, b integer, c integer generated always as (a) stored) partition by list (a);
create table one partition of divided (c generated always as (b) stored) for values in (1);
create table two (a integer, b integer, c integer generated always as (b * 2) stored) partition by list (a);
alter table divided attach partition two for values in (2);
create table three (a integer, b integer, c integer generated always as (b * 2) stored);
alter table two attach partition three default;
create table parent (a integer, b integer, c integer generated always as (a) virtual);
create table child () inherits (parent);
alter table child alter c set expression as (b);
