create foreign data wrapper w;
create server s foreign data wrapper w;
create user mapping for public server s options (u 'a');
