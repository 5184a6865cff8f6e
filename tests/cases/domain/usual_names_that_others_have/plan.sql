CREATE DOMAIN public.id AS integer CONSTRAINT id_not_null NOT NULL;
CREATE DOMAIN public.pos AS integer CONSTRAINT pos_not_null NOT NULL;
DROP TABLE public.t;
DROP DOMAIN public.other;
