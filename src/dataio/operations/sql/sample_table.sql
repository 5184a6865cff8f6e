INSERT INTO public.version_tables
       (version_id, name, description, object_key, byte_size, sha256, row_count, data_dictionary)
VALUES (%(version_id)s, %(name)s, %(description)s, %(object_key)s, %(byte_size)s, %(sha256)s, %(row_count)s,
        %(data_dictionary)s)
