create operator family fam using hash;
comment on operator family fam using hash is 'ours';
