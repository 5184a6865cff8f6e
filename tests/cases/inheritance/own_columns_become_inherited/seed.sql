insert into place values (1, 'somewhere');
insert into town values (2, 'Oslo', 700000);
insert into capital values (3, 'Bern', 130000, 'Switzerland');
insert into twice values (4, 'twice');

