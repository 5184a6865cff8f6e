SELECT NOT EXISTS (SELECT FROM public.datasets)
   AND NOT EXISTS (SELECT FROM public.collections)
   AND NOT EXISTS (SELECT FROM public.data_owners)
