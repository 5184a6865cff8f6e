create table e (id integer, r int4range, constraint x exclude using gist (r with =),
    constraint y exclude using gist (r with =, int4range(id, id) with &&)) partition by list (r);
create table e_1 partition of e for values in ('[1,2)');
create table e_2 partition of e for values in ('[2,3)');
create table f (id integer, r int4range, constraint z exclude using gist (r with =)) partition by list (r);
create table f_1 partition of f for values in ('[1,2)');
