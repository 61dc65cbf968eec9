-- AlterTable
ALTER TABLE "MailEvent" ADD COLUMN     "connectionId" TEXT,
ADD COLUMN     "user" TEXT;

-- CreateIndex
CREATE INDEX "MailEvent_connectionId_idx" ON "MailEvent"("connectionId");
