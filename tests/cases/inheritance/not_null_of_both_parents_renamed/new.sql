CREATE TABLE town (id integer CONSTRAINT there NOT NULL);
CREATE TABLE port (id integer CONSTRAINT there NOT NULL);
CREATE TABLE harbour () INHERITS (town, port);
