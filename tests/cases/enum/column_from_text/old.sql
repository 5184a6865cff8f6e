create table t (m text default 'sad' check (m in ('sad', 'happy')));
