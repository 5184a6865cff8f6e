create unlogged table t (id int not null);
create unlogged table gone (id int primary key) ;
