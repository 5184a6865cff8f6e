create type kind as (a text, c integer);
create type other as (c integer, d date);
create table becomes of kind;
create table leaves (a text, d text);
create table turns of other;
