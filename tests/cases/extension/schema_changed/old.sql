create schema ext;
create extension vector;
create table item (embedding vector(3));
