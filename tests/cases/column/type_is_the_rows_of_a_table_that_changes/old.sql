create table wide (a integer, b text, d integer generated always as (a) stored);
create table of_wide (id integer, b box);
create table of_wides (id integer[], b box);
