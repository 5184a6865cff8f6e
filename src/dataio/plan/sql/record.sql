INSERT INTO dataio_meta.migration
    (number, name, kind, from_fingerprint, to_fingerprint, checksum, git_commit, tool_version)
VALUES ({number}, {name}, {kind},
    {from_fingerprint},
    {to_fingerprint},
    {checksum}, {git_commit}, {tool_version});
