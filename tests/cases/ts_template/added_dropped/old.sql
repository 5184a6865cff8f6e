create text search template gone (lexize = dsimple_lexize);
