create type mood as enum ('sad', 'ok', 'happy');
create table person (id int primary key, name varchar(20), feels mood, gone int);
create table audit (at timestamptz default now(), old_row person, all_rows person[] not null default '{}', note text);
create table audit_old (extra int) inherits (audit);
create domain careful as person check ((value).id > 0);
create table kept (x careful, a audit);
