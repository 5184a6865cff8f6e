create function f(b int) returns int language sql as 'select 1';
comment on function f is 'it';
revoke execute on function f from public;
