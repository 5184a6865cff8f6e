create type kind as (a text, b integer);
create type other as (c integer);
create table becomes (a text);
create table leaves of kind;
create table turns of kind;
