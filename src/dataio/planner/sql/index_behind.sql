-- the definition of the index behind a key that can take over an index made before it
SELECT pg_get_indexdef(c.conindid)
  FROM pg_constraint c
  JOIN pg_index x ON x.indexrelid = c.conindid
 WHERE c.conrelid = %(table)s::regclass
   AND c.conname = %(name)s
   AND c.contype IN ('p', 'u')
   AND c.conexclop IS NULL
