create procedure act(a integer) language sql as 'select 1';
create function kind() returns integer language plpgsql as 'begin return 1; end';
