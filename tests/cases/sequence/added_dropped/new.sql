create sequence s as smallint increment 5 minvalue 10 maxvalue 500 start 20 cache 2 cycle;
