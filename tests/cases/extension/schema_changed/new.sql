create schema ext;
create extension vector schema ext;
create table item (embedding ext.vector(3));
