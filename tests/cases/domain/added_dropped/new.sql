create domain email as text collate "C" default 'a@b' not null check (value like '%@%');
create table t (e email, es email[]);
