-- AlterTable
ALTER TABLE "List" ADD COLUMN "feed" JSONB;

-- CreateTable
CREATE TABLE "ListFeed" (
    "listName" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "nextAt" TIMESTAMPTZ(3) NOT NULL,
    "lastGoodAt" TIMESTAMPTZ(3),
    "lastError" TEXT,

    CONSTRAINT "ListFeed_pkey" PRIMARY KEY ("listName","url")
);
