create table t (a text, b int);
create index i on t (a text_pattern_ops) include (b);
