create function several() returns setof integer language sql support generate_series_int4_support as 'select 1';
create function number() returns bigint language internal window as 'window_row_number';
create function kind() returns integer language sql return 2;
create procedure act(b integer default 1) language plpgsql as 'begin end';
create procedure more() begin atomic select 1; end;
