ALTER TABLE public.town ALTER COLUMN id DROP NOT NULL;
CREATE TABLE public.village ()
INHERITS (public.town);
ALTER TABLE public.town ADD CONSTRAINT known NOT NULL id NOT VALID;
CREATE TABLE public.hamlet ()
INHERITS (public.village);
CREATE TABLE public.harbour ()
INHERITS (public.port);
ALTER TABLE public.port VALIDATE CONSTRAINT known;
