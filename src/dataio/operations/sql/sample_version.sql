INSERT INTO public.dataset_versions (ds_id, version_type, updation_frequency, bucket_id)
SELECT %s, %s::public.version_type, %s::public.updation_frequency, b.bucket_id FROM public.buckets b WHERE b.is_default
RETURNING version_id
