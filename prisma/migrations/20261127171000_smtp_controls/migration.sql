-- AlterTable
ALTER TABLE "Rule" ADD COLUMN     "alarm" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "expires" TEXT;

-- AlterTable
ALTER TABLE "Policy" ADD COLUMN     "disposition" TEXT NOT NULL DEFAULT 'allow',
ADD COLUMN     "routes" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "schedule" JSONB,
ADD COLUMN     "sourceLists" TEXT[];

-- AlterTable
ALTER TABLE "MailEvent" ADD COLUMN     "alarm" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "Credential" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Credential_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Credential_name_key" ON "Credential"("name");

-- CreateIndex
CREATE INDEX "MailEvent_alarm_at_idx" ON "MailEvent"("alarm", "at" DESC);
