create table t (id int) with (fillfactor = 90, toast.autovacuum_enabled = false);
