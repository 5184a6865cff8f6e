DROP VIEW public.labels;
ALTER TABLE public.shelves DROP CONSTRAINT shelves_id_key;
ALTER TABLE public.shelves DROP CONSTRAINT shelves_label_key;
ALTER TABLE public.shelves ADD CONSTRAINT shelves_pkey PRIMARY KEY (label);
CREATE VIEW public.labels AS
 SELECT label,
    boxes
   FROM public.shelves
  GROUP BY label;
ALTER TABLE public.shelves DROP COLUMN id;
