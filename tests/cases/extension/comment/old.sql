create extension vector;
comment on extension vector is 'Vectors';
