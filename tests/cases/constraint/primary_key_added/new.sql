create table t (a int, b int, c int not null, primary key (a, c));
create table u (a int constraint named not null, b int, primary key (a, b));
create table w (a int generated always as identity primary key, b text);
