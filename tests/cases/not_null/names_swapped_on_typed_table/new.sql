CREATE TYPE pair AS (a integer, b integer, c integer);
CREATE TABLE swapped OF pair (PRIMARY KEY (a), CONSTRAINT y NOT NULL a, CONSTRAINT x NOT NULL b);
CREATE TABLE round OF pair (
    PRIMARY KEY (a, b), CONSTRAINT y NOT NULL a, CONSTRAINT z NOT NULL b, CONSTRAINT x NOT NULL c
);
CREATE TABLE of_check OF pair (PRIMARY KEY (a), CONSTRAINT y NOT NULL a, CONSTRAINT x CHECK (b > 0));
CREATE TABLE referring (a integer REFERENCES swapped);
