-- AlterTable
ALTER TABLE "Rule" ADD COLUMN "whenText" TEXT;
