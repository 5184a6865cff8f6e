create function eq(integer, text) returns boolean language sql immutable as 'select $1::text = $2';
create function ne(integer, text) returns boolean language sql immutable as 'select $1::text <> $2';
create function qe(text, integer) returns boolean language sql immutable as 'select $1 = $2::text';
create operator === (leftarg = integer, rightarg = text, function = eq, negator = !==, commutator = ===, hashes, merges);
create operator !== (leftarg = integer, rightarg = text, function = ne, negator = ===);
create operator === (leftarg = text, rightarg = integer, function = qe, commutator = ===);
