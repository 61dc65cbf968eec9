-- CreateTable
CREATE TABLE "Rollout" (
    "number" INTEGER NOT NULL,
    "previous" INTEGER NOT NULL,
    "firstWorkers" TEXT[],
    "startedBy" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ending" TEXT,
    "endedAt" TIMESTAMPTZ(3),
    "endedBy" TEXT,

    CONSTRAINT "Rollout_pkey" PRIMARY KEY ("number")
);

-- AddForeignKey
ALTER TABLE "Rollout" ADD CONSTRAINT "Rollout_number_fkey" FOREIGN KEY ("number") REFERENCES "Revision"("number") ON DELETE RESTRICT ON UPDATE CASCADE;
