-- AlterTable
ALTER TABLE "ProxyAction" ADD COLUMN     "content" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "permissions" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Whoever was there until now may do everything.
UPDATE "User" SET "permissions" = ARRAY['release-malware'];

-- CreateTable
CREATE TABLE "InspectionObject" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "rank" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "InspectionObject_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SigningKey" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "selector" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "record" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "SigningKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "QuarantineEntry" (
    "workerId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "malware" TEXT[],
    "ruleId" TEXT,
    "ruleName" TEXT,
    "revision" INTEGER NOT NULL,
    "protocol" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "interface" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "route" TEXT,
    "clientAddress" TEXT NOT NULL,
    "sender" TEXT,
    "recipients" TEXT[],
    "user" TEXT,
    "from" TEXT,
    "subject" TEXT,
    "fileName" TEXT,
    "contentType" TEXT,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "keptAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "releasedTo" TEXT[],

    CONSTRAINT "QuarantineEntry_pkey" PRIMARY KEY ("workerId","id")
);

-- CreateTable
CREATE TABLE "QuarantineJob" (
    "id" UUID NOT NULL,
    "command" TEXT NOT NULL,
    "search" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "malware" BOOLEAN NOT NULL,
    "actor" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "remaining" TEXT[],
    "reasons" TEXT[],

    CONSTRAINT "QuarantineJob_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "InspectionObject_kind_name_key" ON "InspectionObject"("kind", "name");

-- CreateIndex
CREATE UNIQUE INDEX "SigningKey_name_key" ON "SigningKey"("name");

-- CreateIndex
CREATE UNIQUE INDEX "SigningKey_domain_selector_key" ON "SigningKey"("domain", "selector");

-- CreateIndex
CREATE INDEX "QuarantineEntry_keptAt_id_idx" ON "QuarantineEntry"("keptAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "QuarantineEntry_messageId_idx" ON "QuarantineEntry"("messageId");

-- CreateIndex
CREATE INDEX "QuarantineEntry_sha256_idx" ON "QuarantineEntry"("sha256");

-- AddForeignKey
ALTER TABLE "QuarantineEntry" ADD CONSTRAINT "QuarantineEntry_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker"("id") ON DELETE CASCADE ON UPDATE CASCADE;
