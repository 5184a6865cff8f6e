create function eq(a point, b point) returns boolean language sql immutable as 'select true';
create function ne(a point, b point) returns boolean language sql immutable as 'select false';
create operator ### (leftarg = point, rightarg = point, function = eq);
