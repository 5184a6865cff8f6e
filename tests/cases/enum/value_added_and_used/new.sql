create type mood as enum ('sad', 'fine', 'happy');
create table t (m mood default 'fine', check (m <> 'fine' or m is null));
create view fine as select m from t where m = 'fine';
