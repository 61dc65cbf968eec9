-- CreateTable
CREATE TABLE "PolicySource" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "repository" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PolicySource_pkey" PRIMARY KEY ("id")
);
