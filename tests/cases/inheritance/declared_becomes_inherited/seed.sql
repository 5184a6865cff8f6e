insert into c values (1, 'x', '2026-01-01'), (2, 'y', null);
insert into p values (3, null);
