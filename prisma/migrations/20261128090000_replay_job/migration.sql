-- CreateTable
CREATE TABLE "ReplayJob" (
    "id" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),
    "digest" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "afterAt" TIMESTAMPTZ(3),
    "afterId" TEXT,
    "result" JSONB NOT NULL,

    CONSTRAINT "ReplayJob_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ReplayJob_digest_idx" ON "ReplayJob"("digest");

-- CreateIndex
CREATE INDEX "ReplayJob_createdAt_idx" ON "ReplayJob"("createdAt" DESC);
