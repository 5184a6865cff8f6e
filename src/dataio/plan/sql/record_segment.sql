INSERT INTO dataio_meta.segment (number, segment, checksum) VALUES ({number}, {segment}, {checksum});
