-- CreateTable
CREATE TABLE "OpenEditor" (
    "tab" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "userName" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "OpenEditor_pkey" PRIMARY KEY ("tab")
);

-- CreateIndex
CREATE INDEX "OpenEditor_object_idx" ON "OpenEditor"("object");

-- CreateIndex
CREATE INDEX "OpenEditor_seenAt_idx" ON "OpenEditor"("seenAt");
