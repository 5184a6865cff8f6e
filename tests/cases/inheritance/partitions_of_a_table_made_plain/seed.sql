INSERT INTO low (id) VALUES (1), (2);
INSERT INTO middle (id) VALUES (11);
INSERT INTO high (id) VALUES (21);
