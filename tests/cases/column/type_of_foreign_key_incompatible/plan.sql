ALTER TABLE public.b DROP CONSTRAINT b_a_id_fkey;
ALTER TABLE public.a ALTER COLUMN id TYPE text;
ALTER TABLE public.b ALTER COLUMN a_id TYPE text;
ALTER TABLE public.b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES public.a(id);
