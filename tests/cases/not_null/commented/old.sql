create table t (a integer not null, b integer constraint there not null, c integer constraint before not null);
comment on constraint t_a_not_null on t is 'always';
comment on constraint before on t is 'under another name';
