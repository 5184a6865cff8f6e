INSERT INTO shelves VALUES (1, 'top', 4), (2, 'bottom', 2);
