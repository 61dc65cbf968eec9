-- CreateTable
CREATE TABLE "ReplayChange" (
    "jobId" UUID NOT NULL,
    "eventId" TEXT NOT NULL,
    "kind" INTEGER NOT NULL,

    CONSTRAINT "ReplayChange_pkey" PRIMARY KEY ("jobId","eventId")
);

-- CreateIndex
CREATE INDEX "ReplayChange_jobId_kind_idx" ON "ReplayChange"("jobId", "kind");

-- AddForeignKey
ALTER TABLE "ReplayChange" ADD CONSTRAINT "ReplayChange_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "ReplayJob"("id") ON DELETE CASCADE ON UPDATE CASCADE;
