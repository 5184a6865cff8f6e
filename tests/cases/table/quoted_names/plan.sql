DROP INDEX public."My Index";
ALTER TABLE public."Order" ALTER COLUMN "Select" TYPE bigint;
COMMENT ON COLUMN public."Order"."a b" IS 'quo''te';
ALTER TABLE public."Order" ADD COLUMN "c""d" integer;
ALTER TABLE public."Order" ALTER COLUMN "a b" SET DEFAULT 'it''s'::text;
ALTER TABLE public."Order" ALTER COLUMN "Select" SET NOT NULL;
CREATE INDEX "My Index" ON public."Order" ("Select", "a b");
