create aggregate one(integer) (sfunc = int4_avg_accum, stype = bigint[], initcond = '{0,0}', finalfunc = int8_avg,
    finalfunc_modify = shareable, msfunc = int4_avg_accum, minvfunc = int4_avg_accum_inv, mstype = bigint[], msspace = 16,
    minitcond = '{0,0}', mfinalfunc = int8_avg, mfinalfunc_modify = read_write);
create aggregate two(integer) (sfunc = int4smaller, stype = integer, sortop = <);
create aggregate three(bigint) (sfunc = int8larger, stype = bigint);
create aggregate five(value integer) (sfunc = int4_avg_accum, stype = bigint[], finalfunc = int8_avg, initcond = '{0,0}');
