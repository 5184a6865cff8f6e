insert into typed values (1, '2026-01-01', 'red');
insert into loosened values (1, 'x', 'green');
