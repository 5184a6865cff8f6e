ALTER VIEW public.v SET (security_invoker = true, check_option = local);
ALTER VIEW public.v RESET (security_barrier);
