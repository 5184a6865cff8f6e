create table t (a integer not null, b integer constraint there not null, c integer constraint after not null);
comment on constraint there on t is 'always';
comment on constraint after on t is 'under another name';
create table later (a integer not null);
comment on constraint later_a_not_null on later is 'from the beginning';
