UPDATE public.datasets
   SET spatial_coverage = %(coverage)s, spatial_resolution = %(unit)s, temporal_resolution = %(step)s,
       temporal_coverage_start = %(since)s
 WHERE ds_id = %(ds_id)s
