create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table ft (a bigint options (x '2', y '3') not null, c text default 'c') server s options (name 'two');
