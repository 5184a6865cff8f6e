INSERT INTO dataio_meta.rollback (number, name, checksum, applied_at, applied_by, script, git_commit, tool_version)
SELECT number, name, checksum, applied_at, applied_by,
    {checksum}, {git_commit}, {tool_version}
FROM dataio_meta.migration WHERE number = {number};
DELETE FROM dataio_meta.segment WHERE number = {number};
DELETE FROM dataio_meta.migration WHERE number = {number};
