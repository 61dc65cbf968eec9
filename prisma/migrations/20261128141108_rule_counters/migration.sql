-- CreateTable
CREATE TABLE "RuleReset" (
    "ruleId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "RuleReset_pkey" PRIMARY KEY ("ruleId")
);

-- CreateIndex
CREATE INDEX "RuleHit_hour_idx" ON "RuleHit"("hour");
