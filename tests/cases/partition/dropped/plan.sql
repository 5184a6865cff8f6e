DROP TABLE public.t_2024;
