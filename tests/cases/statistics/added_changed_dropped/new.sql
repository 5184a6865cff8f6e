create table t (a int, b int, c int);
create statistics s (ndistinct, mcv) on a, c from t;
comment on statistics s is 'for the planner';
create statistics e on (a + b), c from t;
