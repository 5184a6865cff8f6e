SELECT pg_catalog.to_regclass('dataio_meta.procrastinate_jobs') IS NOT NULL AS queue,
       pg_catalog.to_regclass('dataio_meta.job_event') IS NOT NULL AS reports
