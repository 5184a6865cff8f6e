ALTER TABLE public.holders DROP CONSTRAINT holders_lease_fkey;
ALTER TABLE public.leases DROP CONSTRAINT leases_holder_fkey;
ALTER TABLE public.notes DROP CONSTRAINT notes_lease_fkey;
ALTER TABLE public.holders SET UNLOGGED;
ALTER TABLE public.renewals SET UNLOGGED;
ALTER TABLE public.leases SET UNLOGGED;
ALTER TABLE public.holders ADD CONSTRAINT holders_lease_fkey FOREIGN KEY (lease) REFERENCES public.leases(name);
ALTER TABLE public.leases ADD CONSTRAINT leases_holder_fkey FOREIGN KEY (holder) REFERENCES public.holders(name) DEFERRABLE INITIALLY DEFERRED;
