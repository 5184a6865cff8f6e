insert into t values (1, 'false', '42', '2026-01-01');
