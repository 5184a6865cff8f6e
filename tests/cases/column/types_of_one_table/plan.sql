DROP VIEW public.tall;
ALTER TABLE public.parcels ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE public.parcels
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN parent TYPE bigint,
    ALTER COLUMN height TYPE numeric(8,2),
    ALTER COLUMN width TYPE numeric(8,2),
    ALTER COLUMN kind TYPE public.size USING kind::public.size;
ALTER TABLE public.parcels ALTER COLUMN kind SET DEFAULT 'small'::public.size;
CREATE VIEW public.tall AS
 SELECT id,
    height
   FROM public.parcels
  WHERE (height > width);
