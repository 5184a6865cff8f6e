CREATE TABLE town (id integer CONSTRAINT known NOT NULL);
CREATE TABLE port (id integer CONSTRAINT known NOT NULL);
CREATE TABLE harbour () INHERITS (town, port);
