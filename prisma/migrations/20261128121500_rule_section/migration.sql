-- AlterTable
ALTER TABLE "Rule" ADD COLUMN "section" TEXT;
