CREATE TABLE town (id integer CONSTRAINT known NOT NULL NO INHERIT, x integer CONSTRAINT sized NOT NULL NO INHERIT);
CREATE TABLE port (x integer CONSTRAINT sized NOT NULL);
CREATE TABLE harbour () INHERITS (town, port);
CREATE TABLE old_harbour () INHERITS (harbour);
