create table pk (a int, b int, primary key (a, b));
create table f (a int, b int) partition by list (b);
create table f5 (a int, b int);
alter table f5 add constraint f5_fk foreign key (a, b) references pk on delete cascade;
alter table f add constraint f_fk foreign key (a, b) references pk on delete cascade;
alter table f attach partition f5 for values in (5);
create table f6 partition of f for values in (6);
