ALTER TABLE public.suppliers SET LOGGED;
ALTER TABLE public.parts ADD CONSTRAINT parts_supplier_fkey FOREIGN KEY (supplier) REFERENCES public.suppliers(id);
