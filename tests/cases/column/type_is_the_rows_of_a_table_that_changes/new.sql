create unlogged table wide (a integer, b integer, d integer generated always as (a + 1) stored, c integer default random());
create table of_wide (id wide, b box);
create table of_wides (id wide[], b box);
