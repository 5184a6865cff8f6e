DO $dataio$
DECLARE
    version integer;
    applied text;
BEGIN
    PERFORM pg_advisory_xact_lock({lock_class}, {lock_object});  -- one migration at a time
    IF to_regclass('dataio_meta.migration') IS NOT NULL THEN
        SELECT number, checksum INTO version, applied FROM dataio_meta.migration ORDER BY number DESC LIMIT 1;
    END IF;
    IF version IS DISTINCT FROM {number} THEN
        RAISE EXCEPTION 'migration % is not the last one that was applied here', {label}
            USING DETAIL = coalesce('This database is at version ' || version || '.', 'No migration was applied here.'),
                  HINT = 'Migrations are taken back in the reverse order of their numbers.';
    ELSIF applied IS DISTINCT FROM {undoes} THEN
        RAISE EXCEPTION 'migration % was applied here by another script than the one that this takes back', {label}
            USING DETAIL = 'Applied: ' || applied || '.';
    END IF;
    IF EXISTS (SELECT FROM dataio_meta.segment WHERE number = {number} AND checksum = {checksum}) THEN
        RAISE EXCEPTION 'transaction 1 of the rollback of % is done already', {label}
            USING HINT = 'It was interrupted; what follows goes on where it stopped.';
    END IF;
    DELETE FROM dataio_meta.segment;  -- of a script that was interrupted
{meta}
END
$dataio$;
