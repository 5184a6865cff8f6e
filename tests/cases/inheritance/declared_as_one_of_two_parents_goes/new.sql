create table p (a integer, b text);
create table q (b text, c integer);
create table heir (a integer, d date, b text) inherits (q);
