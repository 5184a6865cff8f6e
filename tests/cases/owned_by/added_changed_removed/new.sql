create table t (a int, b int);
create sequence s1;
create sequence s2;
create sequence s3;
alter sequence s1 owned by t.a;
alter sequence s2 owned by t.b;
