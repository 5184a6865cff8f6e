create type kind as (first integer, f2 integer, f3 text);
create table renamed of kind (f2 with options default 5 not null);
create index on renamed (f3);
create view of_renamed as select f2, f3 from renamed;
create type other as (a integer, b text, c date);
create table swapped of other (primary key (a), b with options not null);
