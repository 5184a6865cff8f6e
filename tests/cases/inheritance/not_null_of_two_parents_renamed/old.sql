CREATE TABLE town (id integer CONSTRAINT known NOT NULL, PRIMARY KEY (id));
CREATE TABLE port (id integer CONSTRAINT known NOT NULL);
CREATE TABLE harbour () INHERITS (town, port);
CREATE TABLE old_harbour () INHERITS (harbour);
CREATE TABLE pier (id integer CONSTRAINT known NOT NULL) INHERITS (town);
