DO $dataio$
DECLARE
    done integer;
BEGIN
    PERFORM pg_advisory_xact_lock({lock_class}, {lock_object});
    IF to_regclass('dataio_meta.segment') IS NOT NULL THEN
        SELECT max(segment) INTO done FROM dataio_meta.segment WHERE number = {number} AND checksum = {checksum};
    END IF;
    IF done IS DISTINCT FROM {previous} THEN
        RAISE EXCEPTION 'transaction % of migration % does not follow on this database', {segment}, {label}
            USING DETAIL = coalesce('It got as far as transaction ' || done || '.', 'It is not under way here.');
    END IF;
END
$dataio$;
