-- CreateTable
CREATE TABLE "MessageFacts" (
    "eventId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "interface" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "ruleId" TEXT,
    "revision" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,

    CONSTRAINT "MessageFacts_pkey" PRIMARY KEY ("eventId")
);

-- CreateIndex
CREATE INDEX "MessageFacts_at_eventId_idx" ON "MessageFacts"("at", "eventId");
