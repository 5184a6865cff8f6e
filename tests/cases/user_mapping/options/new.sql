create foreign data wrapper w;
create server s foreign data wrapper w;
create user mapping for public server s options (u 'b');
create user mapping for cases_reader server s options (u 'c');
