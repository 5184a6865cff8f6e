SELECT number, name, kind, from_fingerprint, to_fingerprint, checksum, applied_at, applied_by, git_commit, tool_version
FROM dataio_meta.migration
ORDER BY number
