create procedure p(out a integer, in b integer, in c integer) language plpgsql as 'begin end';
create procedure p(in a integer, in b integer, in c integer) language plpgsql as 'begin end';
create procedure q(in a integer, in b integer) language plpgsql as 'begin end';
create procedure q(variadic a integer[]) language plpgsql as 'begin end';
grant execute on procedure p(in integer, in integer) to cases_reader;
grant execute on procedure p(in integer, in integer, in integer) to cases_reader;
comment on procedure p(in integer, in integer, in integer) is 'All go in.';
comment on procedure q(in integer[]) is 'Many.';
alter procedure p(in integer, in integer) owner to cases_owner;
