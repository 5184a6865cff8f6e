ALTER TABLE public.t DROP CONSTRAINT gone;
ALTER INDEX public.altered SET (fillfactor = 60);
ALTER TABLE public.t ADD CONSTRAINT made EXCLUDE USING gist (r WITH =) WITH (fillfactor = 57) WHERE ((lower(r) > 7)) DEFERRABLE;
ALTER INDEX public.reset RESET (buffering);
CREATE TABLE public.u (
    r int4range,
    CONSTRAINT e EXCLUDE USING gist (r WITH =) WITH (fillfactor = 57) WHERE ((lower(r) > 7))
);
