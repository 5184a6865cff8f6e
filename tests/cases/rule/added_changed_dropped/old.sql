create table t (a int);
create table log (a int);
create rule gone as on delete to t do instead nothing;
create rule r as on insert to t do also insert into log values (new.a);
