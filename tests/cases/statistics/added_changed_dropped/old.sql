create table t (a int, b int, c int);
create statistics gone on a, b from t;
create statistics s (ndistinct) on a, c from t;
comment on statistics s is 'for the planner';
