create schema other;
create type tr as range (subtype = text, multirange_type_name = public.many);
create type unused as range (subtype = int, multirange_type_name = public.several);
create table t (a tr, b many);
