ALTER TABLE public.bins RENAME CONSTRAINT bins_pkey1 TO bins_pkey;
