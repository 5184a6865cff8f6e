ALTER INDEX public.i SET (fillfactor = 90, deduplicate_items = off);
