SELECT name, checksum FROM dataio_meta.seed
