create table t (a integer, was_b integer constraint t_b_not_null not null);
