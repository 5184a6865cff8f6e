CREATE TABLE g (a integer NOT NULL, b integer GENERATED ALWAYS AS ((a * 2)) STORED);
CREATE TABLE gy (x integer, b integer GENERATED ALWAYS AS ((x * 22)) STORED);
CREATE TABLE g_y (b integer GENERATED ALWAYS AS ((x + 1)) STORED) INHERITS (g, gy);
