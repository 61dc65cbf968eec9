-- CreateTable
CREATE TABLE "RevisionTrial" (
    "number" INTEGER NOT NULL,
    "previous" INTEGER NOT NULL,
    "startedBy" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "queued" INTEGER NOT NULL,
    "ending" TEXT,
    "endedAt" TIMESTAMPTZ(3),
    "endedBy" TEXT,
    "reason" TEXT,

    CONSTRAINT "RevisionTrial_pkey" PRIMARY KEY ("number")
);
