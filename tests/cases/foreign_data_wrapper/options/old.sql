create foreign data wrapper gone;
create foreign data wrapper w options (a '1', b '2');
