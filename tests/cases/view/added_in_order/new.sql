create table t (a int);
create view z_first as select a from t;
create view a_second as select a from z_first;
create function f() returns bigint language sql as 'select count(*) from a_second';
create view b_third as select f() as n;
