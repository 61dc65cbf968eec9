-- CreateTable
CREATE TABLE "DraftEdit" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "edits" TEXT NOT NULL,

    CONSTRAINT "DraftEdit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "DraftEdit_at_idx" ON "DraftEdit"("at");
