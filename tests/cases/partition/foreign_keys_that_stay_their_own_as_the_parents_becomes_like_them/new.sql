create table pk (a int, b int, primary key (a, b));
create table f (a int, b int) partition by list (b);
create table f5 partition of f for values in (5) partition by list (a);
create table f51 partition of f5 for values in (1);
create table f6 partition of f for values in (6);
alter table f add constraint f_fk foreign key (a, b) references pk;
alter table f5 add constraint f5_fk foreign key (a, b) references pk;
alter table f51 add constraint f51_fk foreign key (a, b) references pk;
comment on constraint f5_fk on f5 is 'own';
