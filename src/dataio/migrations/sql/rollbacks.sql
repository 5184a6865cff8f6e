SELECT number, name, checksum, applied_at, applied_by, rolled_back_at, rolled_back_by, git_commit, tool_version
FROM dataio_meta.rollback
ORDER BY rolled_back_at, number DESC
