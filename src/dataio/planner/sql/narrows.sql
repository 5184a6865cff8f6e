-- is there no implicit cast from one type to another, so that a value may lose something on its way?
SELECT NOT EXISTS (SELECT
                     FROM pg_catalog.pg_cast c
                    WHERE c.castsource = %(old)s::pg_catalog.regtype
                      AND c.casttarget = %(new)s::pg_catalog.regtype
                      AND c.castcontext = 'i')
