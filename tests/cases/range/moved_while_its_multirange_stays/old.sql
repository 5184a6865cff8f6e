create schema other;
create type other.tr as range (subtype = text, multirange_type_name = public.many);
create type other.unused as range (subtype = int, multirange_type_name = public.several);
create table t (a other.tr, b many);
