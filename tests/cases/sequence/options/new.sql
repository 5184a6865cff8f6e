create sequence s as int increment 2 minvalue 0 maxvalue 9999 cache 4 cycle;
