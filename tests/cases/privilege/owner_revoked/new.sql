create table t (a int);
revoke insert, truncate on t from postgres;
