DO $dataio$
DECLARE
    page bigint;
    pages bigint;
    pass integer;
BEGIN
    FOR pass IN 1 .. 3 LOOP  -- rows that others move meanwhile are met again
        pages := pg_relation_size({name}::regclass) / current_setting('block_size')::bigint;
        page := 0;
        WHILE page <= pages LOOP
            UPDATE {relation} SET {column} = DEFAULT
             WHERE {column} IS NULL
               AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + {pages})::tid;
            COMMIT;
            page := page + {pages};
        END LOOP;
        EXIT WHEN NOT EXISTS (SELECT FROM {relation} WHERE {column} IS NULL);
    END LOOP;
END
$dataio$
