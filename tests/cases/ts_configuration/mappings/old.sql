create text search configuration c (parser = default);
alter text search configuration c add mapping for word, asciiword with simple;
alter text search configuration c add mapping for int with simple;
