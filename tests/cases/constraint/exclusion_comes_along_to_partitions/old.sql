create table e (id integer, r int4range) partition by list (r);
create table e_1 partition of e for values in ('[1,2)');
create table e_2 (id integer, r int4range);
