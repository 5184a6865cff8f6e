create table renamed (f1 integer, f2 integer default 5 not null, f3 text);
create index on renamed (f3);
create view of_renamed as select f2, f3 from renamed;
create table swapped (b text not null, a integer generated always as identity primary key, c date);
