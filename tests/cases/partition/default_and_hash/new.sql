create table t (k int) partition by hash (k);
create table t0 partition of t for values with (modulus 2, remainder 0);
create table t1 partition of t for values with (modulus 2, remainder 1);
create table u (k int) partition by list (k);
create table u_rest partition of u default;
