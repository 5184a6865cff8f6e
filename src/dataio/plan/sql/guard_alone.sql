DO $dataio$
DECLARE
    done integer;
BEGIN
    SELECT max(segment) INTO done FROM dataio_meta.segment WHERE number = {number} AND checksum = {checksum};
    IF done IS DISTINCT FROM {previous} THEN
        RAISE EXCEPTION 'part % of migration % does not follow on this database', {segment}, {label}
            USING DETAIL = coalesce('It got as far as part ' || done || '.', 'It is not under way here.');
    END IF;
END
$dataio$;
