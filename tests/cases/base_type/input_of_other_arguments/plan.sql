ALTER FUNCTION public.word_in(cstring, oid, integer) RENAME TO word_in__old;
ALTER FUNCTION public.word_out(public.word) RENAME TO word_out__old;
ALTER TYPE public.word RENAME TO word__old;
CREATE TYPE public.word;
CREATE FUNCTION public.word_in(cstring)
 RETURNS public.word
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$textin$function$;
CREATE FUNCTION public.word_out(public.word)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$textout$function$;
CREATE TYPE public.word (
    INPUT = public.word_in,
    OUTPUT = public.word_out,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
ALTER TABLE public.page
    ALTER COLUMN first TYPE public.word USING first::text::public.word,
    ALTER COLUMN rest TYPE public.word[] USING rest::text::public.word[];
DROP TYPE public.word__old CASCADE;
