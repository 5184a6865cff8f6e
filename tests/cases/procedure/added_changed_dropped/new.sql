create procedure p(a int, inout b int default 2) language plpgsql as 'begin b := 1; end';
create procedure q() language sql security definer set work_mem = '1MB' as 'select 1';
