CREATE TABLE town (id integer);
CREATE TABLE port (id integer, x integer, CONSTRAINT size CHECK (x > 0));
CREATE TABLE harbour (CONSTRAINT known CHECK (id > 0), CONSTRAINT small CHECK (id < 9)) INHERITS (town, port);
