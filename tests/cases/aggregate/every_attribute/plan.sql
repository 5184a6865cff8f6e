DROP AGGREGATE public.five(integer);
DROP AGGREGATE public.one(integer);
DROP AGGREGATE public.six(ORDER BY anyelement);
DROP AGGREGATE public.three(bigint);
CREATE AGGREGATE public.five(value integer) (
    SFUNC = pg_catalog.int4_avg_accum,
    STYPE = bigint[],
    FINALFUNC = pg_catalog.int8_avg,
    INITCOND = '{0,0}'
);
CREATE AGGREGATE public.one(integer) (
    SFUNC = pg_catalog.int4_avg_accum,
    STYPE = bigint[],
    FINALFUNC = pg_catalog.int8_avg,
    FINALFUNC_MODIFY = SHAREABLE,
    INITCOND = '{0,0}',
    MSFUNC = pg_catalog.int4_avg_accum,
    MINVFUNC = pg_catalog.int4_avg_accum_inv,
    MSTYPE = bigint[],
    MSSPACE = 16,
    MFINALFUNC = pg_catalog.int8_avg,
    MFINALFUNC_MODIFY = READ_WRITE,
    MINITCOND = '{0,0}'
);
CREATE AGGREGATE public.three(bigint) (
    SFUNC = pg_catalog.int8larger,
    STYPE = bigint
);
CREATE OR REPLACE AGGREGATE public.two(integer) (
    SFUNC = pg_catalog.int4smaller,
    STYPE = integer,
    SORTOP = OPERATOR(pg_catalog.<)
);
