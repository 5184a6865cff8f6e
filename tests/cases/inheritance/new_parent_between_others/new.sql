CREATE TABLE p (a int, CHECK (a > 0));
CREATE TABLE q (b int);
CREATE TABLE r (c int NOT NULL);
CREATE TABLE t (own int) INHERITS (p, q, r);
