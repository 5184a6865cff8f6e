DELETE FROM dataio_meta.segment WHERE number = {number};
