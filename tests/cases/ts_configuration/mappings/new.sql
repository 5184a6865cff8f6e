create text search configuration c (parser = default);
alter text search configuration c add mapping for word, asciiword with simple;
alter text search configuration c alter mapping for word with english_stem, simple;
alter text search configuration c add mapping for email with simple;
