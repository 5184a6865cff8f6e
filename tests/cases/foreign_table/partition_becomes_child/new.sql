CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER away FOREIGN DATA WRAPPER far;
CREATE TABLE reading (id integer NOT NULL, kind text) PARTITION BY RANGE (id);
CREATE TABLE other (id integer NOT NULL, kind text);
CREATE FOREIGN TABLE old_ones () INHERITS (other) SERVER away;
CREATE FOREIGN TABLE ancient (id integer NOT NULL, kind text) SERVER away;
