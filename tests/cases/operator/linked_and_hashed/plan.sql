ALTER OPERATOR public.=== (integer, text) SET (COMMUTATOR = OPERATOR(public.===), HASHES, MERGES);
ALTER OPERATOR public.!== (integer, text) SET (NEGATOR = OPERATOR(public.===));
