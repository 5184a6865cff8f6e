ALTER OPERATOR FAMILY public.fam USING btree DROP OPERATOR 1 (integer, bigint);
ALTER OPERATOR FAMILY public.fam USING btree ADD FUNCTION 1 (integer, bigint) pg_catalog.btint48cmp(integer, bigint);
ALTER OPERATOR FAMILY public.fam USING btree ADD OPERATOR 5 pg_catalog.>(integer, bigint);
