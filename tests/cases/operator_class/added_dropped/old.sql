create operator class gone for type int using hash as operator 1 =, function 1 hashint4(int);
