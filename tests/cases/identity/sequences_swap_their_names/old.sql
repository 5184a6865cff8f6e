create table swapped (i integer generated always as identity (sequence name x), j integer generated always as identity (sequence name y));
create table free (k integer generated always as identity (sequence name z), l integer generated always as identity (sequence name l1));
create sequence l2;
