create table swapped (i integer generated always as identity (sequence name y), j integer generated always as identity (sequence name x));
create table free (k integer generated always as identity (sequence name z1), l integer generated always as identity (sequence name l2));
create sequence z;
create table l1 (a integer);
