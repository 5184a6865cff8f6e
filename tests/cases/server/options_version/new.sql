create foreign data wrapper w;
create server s version '2' foreign data wrapper w options (host 'b', port '5');
