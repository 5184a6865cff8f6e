create table p (a integer, b text);
create table q (b text, c integer, a integer);
create table heir (d date) inherits (q, p);
create table below (e integer) inherits (heir);
