-- AlterTable
ALTER TABLE "Revision" ADD COLUMN "failedTests" TEXT[],
ADD COLUMN "overrideReason" TEXT;

-- CreateTable
CREATE TABLE "PolicyTest" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "rank" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "PolicyTest_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PolicyTest_name_key" ON "PolicyTest"("name");

-- Whoever may release malware could do everything so far.
UPDATE "User" SET "permissions" = array_append("permissions", 'publish-failing') WHERE 'release-malware' = ANY("permissions");
