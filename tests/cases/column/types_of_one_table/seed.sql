INSERT INTO parcels VALUES (1, NULL, 4, 3, 'small'), (2, 1, 9, 5, 'large');
