-- DropIndex
DROP INDEX "QueueEntry_receivedAt_idx";

-- AlterTable
ALTER TABLE "QueueEntry" ADD COLUMN     "cause" TEXT,
ADD COLUMN     "destination" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "QueueJob" (
    "id" UUID NOT NULL,
    "command" TEXT NOT NULL,
    "text" TEXT,
    "route" TEXT,
    "search" JSONB NOT NULL,
    "actor" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "afterAt" TIMESTAMPTZ(3),
    "afterId" TEXT,
    "reasons" TEXT[],

    CONSTRAINT "QueueJob_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "QueueEntry_receivedAt_id_idx" ON "QueueEntry"("receivedAt", "id");

-- CreateIndex
CREATE INDEX "QueueEntry_route_destination_idx" ON "QueueEntry"("route", "destination");

-- CreateIndex
CREATE INDEX "QueueEntry_state_receivedAt_idx" ON "QueueEntry"("state", "receivedAt");
