ALTER TYPE other.tr RENAME TO tr__old;
ALTER TYPE public.many RENAME TO tr__old_multirange;
ALTER FUNCTION other.many() RENAME TO tr__old_multirange;
CREATE TYPE public.tr AS RANGE (SUBTYPE = text, MULTIRANGE_TYPE_NAME = public.many);
ALTER TYPE other.unused RENAME TO unused__old;
ALTER TYPE public.several RENAME TO unused__old_multirange;
ALTER FUNCTION other.several() RENAME TO unused__old_multirange;
CREATE TYPE public.unused AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = public.several);
ALTER TABLE public.t
    ALTER COLUMN a TYPE public.tr USING a::text::public.tr,
    ALTER COLUMN b TYPE public.many USING b::text::public.many;
DROP TYPE other.tr__old;
DROP TYPE other.unused__old;
