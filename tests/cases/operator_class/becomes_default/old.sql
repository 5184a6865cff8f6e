create operator class oc for type money using brin as operator 1 <;
create type box4;
create function box4_in(cstring) returns box4 language internal immutable strict as 'point_in';
create function box4_out(box4) returns cstring language internal immutable strict as 'point_out';
create type box4 (input = box4_in, output = box4_out, internallength = 16, alignment = double);
create aggregate most(order by anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = mode_final,
    finalfunc_extra);
create text search parser tsp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create table t (a integer, b integer) partition by list (a);
create table one partition of t for values in (1);
create unique index t_a on t (a);
alter table one add constraint one_ab unique (a, b);
