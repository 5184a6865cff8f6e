create function b() returns int language sql as 'select 1';
create function a_uses_b() returns int language sql begin atomic select b(); end;
