CREATE TYPE word;
CREATE FUNCTION word_in(cstring, oid, integer) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, LIKE = varchar);
CREATE TABLE page (first word, rest word[]);
