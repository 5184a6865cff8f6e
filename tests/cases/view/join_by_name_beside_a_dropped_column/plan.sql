ALTER TABLE public.one DROP COLUMN z;
CREATE VIEW public.added AS
 SELECT one.x,
    one.y,
    two.z,
    three.q
   FROM ((public.one
     JOIN public.two USING (x))
     JOIN public.three USING (z));
CREATE OR REPLACE VIEW public.v AS
 SELECT one.x,
    one.y,
    two.z,
    three.q
   FROM ((public.one
     JOIN public.two USING (x))
     JOIN public.three USING (z));
