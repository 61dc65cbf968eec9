-- AlterTable
ALTER TABLE "AuditEntry" ADD COLUMN     "role" TEXT,
ADD COLUMN     "via" TEXT;

-- AlterTable
ALTER TABLE "SetupToken" ADD COLUMN     "userId" UUID;

-- AlterTable
ALTER TABLE "User" DROP COLUMN "sessionVersion",
ADD COLUMN     "lastSignInAt" TIMESTAMPTZ(3),
ADD COLUMN     "role" TEXT NOT NULL DEFAULT 'viewer',
ALTER COLUMN "passwordHash" DROP NOT NULL;

-- DropTable
DROP TABLE "EndedSession";

-- CreateTable
CREATE TABLE "Session" (
    "id" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "address" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SetupToken" ADD CONSTRAINT "SetupToken_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Everybody could do everything so far.
UPDATE "User" SET "role" = 'administrator', "permissions" = '{}';
