CREATE TABLE town (id integer, x integer, CONSTRAINT size CHECK (x > 0), CONSTRAINT known CHECK (id > 0));
CREATE TABLE port (id integer, x integer, CONSTRAINT size CHECK (x > 0), CONSTRAINT known CHECK (id > 0));
CREATE TABLE harbour () INHERITS (town, port);
ALTER TABLE town ADD CONSTRAINT small CHECK (id < 9) NOT VALID;
