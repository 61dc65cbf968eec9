-- AlterTable
ALTER TABLE "DraftEdit" ADD COLUMN     "entry" BIGINT;
