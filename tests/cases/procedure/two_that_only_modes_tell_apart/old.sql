create procedure p(out a integer, in b integer, in c integer) language plpgsql as 'begin end';
create procedure p(in a integer, in b integer, in c integer) language plpgsql as 'begin end';
create procedure q(out a integer, in b integer) language plpgsql as 'begin end';
