-- AlterTable
ALTER TABLE "Policy" ADD COLUMN     "serverChoice" JSONB,
ADD COLUMN     "userRoutes" JSONB NOT NULL DEFAULT '[]';

-- CreateIndex
CREATE INDEX "MailEvent_kind_at_id_idx" ON "MailEvent"("kind", "at" DESC, "id" DESC);
