DO $dataio$
DECLARE
    version integer;
BEGIN
    PERFORM pg_advisory_xact_lock({lock_class}, {lock_object});  -- one migration at a time
{meta}
    SELECT max(number) INTO version FROM dataio_meta.migration;
    IF version >= {number} THEN
        RAISE EXCEPTION 'migration % is applied already', {label}
            USING DETAIL = 'This database is at version ' || version || '.', HINT = 'There is nothing to do.';
    ELSIF version IS DISTINCT FROM {predecessor} THEN
        RAISE EXCEPTION 'migration % does not follow on this database', {label}
            USING DETAIL = coalesce('This database is at version ' || version || '.', 'No migration was applied here.'),
                  HINT = 'Apply the migrations in their order.';
    END IF;
    IF EXISTS (SELECT FROM dataio_meta.segment WHERE number = {number} AND checksum = {checksum}) THEN
        RAISE EXCEPTION 'transaction 1 of migration % is done already', {label}
            USING HINT = 'It was interrupted; what follows goes on where it stopped.';
    END IF;
    DELETE FROM dataio_meta.segment;  -- of a script that was interrupted and then replaced by this one
END
$dataio$;
