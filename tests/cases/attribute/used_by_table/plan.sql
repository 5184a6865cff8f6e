ALTER TYPE public.pair ADD ATTRIBUTE c date;
