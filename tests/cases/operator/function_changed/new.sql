create function eq(a point, b point) returns boolean language sql immutable as 'select true';
create function eq2(a point, b point) returns boolean language sql immutable as 'select true';
create table t (p point);
create operator === (leftarg = point, rightarg = point, function = eq2);
create view v as select p from t where p === p;
