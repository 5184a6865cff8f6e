create function ok(a int) returns boolean language sql immutable as 'select a > 0';
create table t (a int check (ok(a)));
