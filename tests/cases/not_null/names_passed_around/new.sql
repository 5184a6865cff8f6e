create table swapped (a int constraint two not null, b int constraint one not null);
create table s_child () inherits (swapped);
create table chain (a int constraint two not null, b int constraint three not null, c int constraint four not null);
create table c_child () inherits (chain);
create table other (a int constraint two not null, constraint seven check (a > 0), b int constraint one not null);
create table p (a int constraint two not null, b int constraint one not null) partition by range (a);
create table p1 partition of p for values from (1) to (2);
create table keyed (a int constraint three not null generated always as identity, b int constraint one not null, c int constraint two not null, primary key (a, b));
