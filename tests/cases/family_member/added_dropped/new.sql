create operator family fam using btree;
alter operator family fam using btree add operator 5 > (int, bigint), function 1 (int, bigint) btint48cmp(int, bigint);
