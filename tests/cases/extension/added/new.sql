create extension vector;
create table item (id int primary key, embedding vector(3));
create index item_embedding on item using hnsw (embedding vector_l2_ops);
