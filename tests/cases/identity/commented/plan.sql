COMMENT ON SEQUENCE public.t_id_seq IS NULL;
COMMENT ON SEQUENCE public.numbers IS 'counts, too';
