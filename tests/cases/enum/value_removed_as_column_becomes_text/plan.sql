ALTER TABLE "My Schema"."T 1" ALTER COLUMN "select" DROP DEFAULT;
ALTER TABLE "My Schema"."T 1" ALTER COLUMN "select" TYPE text;
DROP TYPE "My Schema"."Mood";
CREATE TYPE "My Schema"."Mood" AS ENUM ('sad', 'happy');
ALTER TABLE "My Schema"."T 1" ALTER COLUMN "select" SET DEFAULT 'it''s ok'::text;
