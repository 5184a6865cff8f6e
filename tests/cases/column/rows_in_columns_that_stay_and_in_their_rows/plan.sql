ALTER TABLE ONLY public.audit ALTER COLUMN all_rows DROP DEFAULT;
ALTER TABLE public.audit_old ALTER COLUMN all_rows DROP DEFAULT;
ALTER TYPE public.mood RENAME TO mood__old;
CREATE TYPE public.mood AS ENUM ('sad', 'happy');
ALTER TABLE public.person DROP COLUMN gone;
ALTER TABLE public.kept ALTER COLUMN a TYPE text USING a::text;
ALTER TABLE public.audit ALTER COLUMN old_row TYPE text USING old_row::text;
ALTER TABLE public.audit ALTER COLUMN all_rows TYPE text USING all_rows::text;
ALTER TABLE public.kept ALTER COLUMN x TYPE text USING x::text;
ALTER TABLE public.person
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN feels TYPE public.mood USING feels::text::public.mood;
ALTER TABLE public.audit ALTER COLUMN old_row TYPE public.person USING old_row::public.person;
ALTER TABLE public.audit ALTER COLUMN all_rows TYPE public.person[] USING all_rows::public.person[];
ALTER TABLE ONLY public.audit ALTER COLUMN all_rows SET DEFAULT '{}'::public.person[];
ALTER TABLE public.audit_old ALTER COLUMN all_rows SET DEFAULT '{}'::public.person[];
ALTER TABLE public.kept ALTER COLUMN x TYPE public.careful USING x::public.careful;
ALTER TABLE public.kept ALTER COLUMN a TYPE public.audit USING a::public.audit;
ALTER TABLE public.person ADD COLUMN more integer;
DROP TYPE public.mood__old;
