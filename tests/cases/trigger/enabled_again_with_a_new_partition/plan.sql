CREATE TABLE public.below PARTITION OF public.divided
FOR VALUES IN (4)
PARTITION BY LIST (a);
ALTER TABLE ONLY public.divided ENABLE TRIGGER after_row;
ALTER TABLE ONLY public.below ENABLE TRIGGER after_row;
CREATE TABLE public.coming PARTITION OF public.divided
FOR VALUES IN (2);
ALTER TABLE ONLY public.coming ENABLE TRIGGER after_row;
CREATE TABLE public.lowest PARTITION OF public.below
DEFAULT;
ALTER TABLE ONLY public.lowest DISABLE TRIGGER after_row;
ALTER TABLE public.divided ATTACH PARTITION public.tied FOR VALUES IN (3);
ALTER TABLE ONLY public.tied ENABLE TRIGGER after_row;
