CREATE TABLE town (id integer CONSTRAINT known NOT NULL, x integer CONSTRAINT sized NOT NULL);
CREATE TABLE port (x integer CONSTRAINT sized NOT NULL NO INHERIT);
CREATE TABLE harbour () INHERITS (town, port);
CREATE TABLE old_harbour () INHERITS (harbour);
