create aggregate gone (int) (sfunc = int4pl, stype = int);
