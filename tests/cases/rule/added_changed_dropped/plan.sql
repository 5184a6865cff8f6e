DROP RULE gone ON public.t;
CREATE OR REPLACE RULE r AS
    ON INSERT TO public.t
   WHERE (new.a > 0) DO  INSERT INTO public.log (a)
  VALUES (new.a);
