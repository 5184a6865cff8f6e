create aggregate one(integer) (sfunc = int4pl, stype = integer);
create aggregate two(integer) (sfunc = int4larger, stype = integer, sspace = 8, sortop = >, parallel = safe);
create aggregate three(bigint) (sfunc = int8_avg_accum, stype = internal, finalfunc = numeric_poly_avg,
    combinefunc = int8_avg_combine, serialfunc = int8_avg_serialize, deserialfunc = int8_avg_deserialize);
create aggregate five(integer) (sfunc = int4_avg_accum, stype = bigint[], initcond = '{0,0}', finalfunc = int8_avg);
create aggregate six(order by anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = mode_final,
    finalfunc_extra);
