create procedure act(a integer) language sql begin atomic select a; end;
create function kind() returns integer language sql as 'select 1';
