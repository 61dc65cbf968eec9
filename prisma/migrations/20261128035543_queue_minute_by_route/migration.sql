-- AlterTable
ALTER TABLE "QueueMinute" DROP CONSTRAINT "QueueMinute_pkey",
ADD COLUMN     "route" TEXT NOT NULL DEFAULT '',
ADD CONSTRAINT "QueueMinute_pkey" PRIMARY KEY ("route", "minute", "workerId");

-- CreateIndex
CREATE INDEX "QueueMinute_minute_idx" ON "QueueMinute"("minute");
