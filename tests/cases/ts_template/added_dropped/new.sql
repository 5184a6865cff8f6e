create text search template tt (init = dsimple_init, lexize = dsimple_lexize);
