create collation gone (locale = 'C');
create collation c (lc_collate = 'C', lc_ctype = 'C');
create table t (a text collate c);
create index t_a on t (a);
