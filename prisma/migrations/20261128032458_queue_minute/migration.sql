-- CreateTable
CREATE TABLE "QueueMinute" (
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "workerId" TEXT NOT NULL,
    "depth" INTEGER,
    "oldestAt" TIMESTAMPTZ(3),
    "arrivals" INTEGER NOT NULL DEFAULT 0,
    "deliveries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "QueueMinute_pkey" PRIMARY KEY ("minute","workerId")
);
