create domain other as int constraint pos_not_null not null;
create table t (a int constraint id_not_null not null);
