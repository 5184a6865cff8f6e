create table e (id int, r int4range) partition by list (r);
create table e_1 partition of e for values in ('[1,2)');
create table e_2 partition of e for values in ('[2,3)');
alter table only e add constraint x exclude using gist (r with =);
alter table only e_1 add constraint e_1_r_excl exclude using gist (r with =);
