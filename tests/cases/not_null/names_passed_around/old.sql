create table swapped (a int constraint one not null, b int constraint two not null);
create table s_child () inherits (swapped);
create table chain (a int constraint one not null, b int constraint two not null, c int constraint three not null);
create table c_child () inherits (chain);
create table other (a int constraint one not null, constraint two check (a > 0), b int constraint three not null);
create table p (a int constraint one not null, b int constraint two not null) partition by range (a);
create table p1 partition of p for values from (1) to (2);
create table keyed (a int constraint one not null generated always as identity, b int constraint two not null, c int constraint three not null, primary key (a, b));
