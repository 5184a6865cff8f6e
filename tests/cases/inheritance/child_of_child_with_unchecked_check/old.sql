create table p (d date);
create table child () inherits (p);
create table checked () inherits (p);
create table declaring () inherits (p);
alter table declaring add constraint recent check (d > '2020-01-01') not valid;
alter table p add constraint recent check (d > '2020-01-01') not valid;
alter table checked validate constraint recent;
comment on constraint recent on child is 'rows of before';
comment on constraint recent on checked is 'of all rows';
