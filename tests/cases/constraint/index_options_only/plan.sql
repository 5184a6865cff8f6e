ALTER INDEX public.u SET (fillfactor = 60);
