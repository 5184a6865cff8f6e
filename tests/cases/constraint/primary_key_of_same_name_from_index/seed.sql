insert into t select n, n + 10 from generate_series(1, 10) n;
