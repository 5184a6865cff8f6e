UPDATE dataio_meta.segment SET fingerprint = %(fingerprint)s WHERE number = %(number)s AND segment = %(segment)s
