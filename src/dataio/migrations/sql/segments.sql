SELECT number, segment, checksum, fingerprint, done_at
FROM dataio_meta.segment
ORDER BY number, segment
