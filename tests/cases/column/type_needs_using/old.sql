create table t (id int, flag text default 'true', n text, d text);
