create function f(a int) returns setof int language sql stable strict security definer leakproof parallel safe cost 5 rows 10 set search_path = pg_catalog as 'select a';
