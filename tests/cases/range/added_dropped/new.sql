create type floatrange as range (subtype = float8, subtype_diff = float8mi, multirange_type_name = floatranges);
create table t (r floatrange, m floatranges);
