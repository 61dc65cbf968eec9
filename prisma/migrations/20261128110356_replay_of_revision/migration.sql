-- AlterTable
ALTER TABLE "ReplayJob" ADD COLUMN     "revision" INTEGER;
