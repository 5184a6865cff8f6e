CREATE TYPE pair AS (a integer, b integer, c integer);
CREATE TABLE swapped OF pair (PRIMARY KEY (a), CONSTRAINT x NOT NULL a, CONSTRAINT y NOT NULL b);
CREATE TABLE round OF pair (
    PRIMARY KEY (a, b), CONSTRAINT x NOT NULL a, CONSTRAINT y NOT NULL b, CONSTRAINT z NOT NULL c
);
CREATE TABLE of_check OF pair (PRIMARY KEY (a), CONSTRAINT x NOT NULL a, CONSTRAINT y CHECK (b > 0));
CREATE TABLE referring (a integer REFERENCES swapped);
