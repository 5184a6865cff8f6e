create foreign data wrapper w;
create server s foreign data wrapper w;
create table t (a int, b text storage main compression pglz collate "C" not null default 'x');
create table u (b text storage external compression pglz collate "C");
create foreign table f (b text options (x 'y') collate "C") server s;
