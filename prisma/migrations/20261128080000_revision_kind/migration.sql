-- AlterTable
ALTER TABLE "Revision" ADD COLUMN     "byMachine" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'publish';

-- What was published before, as far as it can be told.
UPDATE "Revision" SET "kind" = CASE WHEN "comment" LIKE 'r%taken back: %' THEN 'revert' ELSE 'roll-back' END WHERE "restoredFrom" IS NOT NULL;
UPDATE "Revision" SET "kind" = 'feed' WHERE "comment" LIKE 'List "%" from its feed: %';
UPDATE "Revision" SET "byMachine" = true WHERE "authorName" = 'Postern' OR "authorName" LIKE 'API token %';
