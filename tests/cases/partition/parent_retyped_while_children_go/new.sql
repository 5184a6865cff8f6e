create table t (id int, b boolean default false, a boolean, c text) partition by range (id);
create table u (a boolean, b boolean default false);
