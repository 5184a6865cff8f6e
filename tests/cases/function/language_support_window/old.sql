create function several() returns setof integer language sql as 'select 1';
create function number() returns bigint language internal as 'pg_backend_pid';
create function kind() returns integer language sql as 'select 1';
create procedure act(a integer) language sql as 'select 1';
