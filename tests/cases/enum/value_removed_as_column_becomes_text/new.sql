CREATE SCHEMA "My Schema";
CREATE TYPE "My Schema"."Mood" AS ENUM ('sad', 'happy');
CREATE TABLE "My Schema"."T 1" (id integer, "select" text DEFAULT 'it''s ok');
CREATE INDEX "I.1" ON "My Schema"."T 1" ("select");
