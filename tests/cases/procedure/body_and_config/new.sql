create procedure p(a int) language sql security definer set work_mem = '2MB' as 'select 2';
