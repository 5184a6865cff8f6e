ALTER TABLE public.t ALTER COLUMN flag DROP DEFAULT;
ALTER TABLE public.t
    ALTER COLUMN flag TYPE boolean USING flag::boolean,
    ALTER COLUMN n TYPE integer USING n::integer,
    ALTER COLUMN d TYPE date USING d::date;
ALTER TABLE public.t ALTER COLUMN flag SET DEFAULT true;
