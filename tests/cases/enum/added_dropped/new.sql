create type mood as enum ('sad', 'it''s ok', 'happy');
create table t (m mood default 'sad');
