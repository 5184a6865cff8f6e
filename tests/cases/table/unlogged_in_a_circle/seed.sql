BEGIN;
INSERT INTO leases VALUES ('a', 'x');
INSERT INTO holders VALUES ('x', 'a');
COMMIT;
INSERT INTO renewals VALUES ('a');
INSERT INTO notes VALUES ('a');
