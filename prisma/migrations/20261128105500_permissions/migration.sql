-- AlterTable
ALTER TABLE "ApiToken" ADD COLUMN "makerId" UUID;

-- AddForeignKey
ALTER TABLE "ApiToken" ADD CONSTRAINT "ApiToken_makerId_fkey" FOREIGN KEY ("makerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- So far only the name was kept.
UPDATE "ApiToken" SET "makerId" = (SELECT id FROM "User" WHERE name = "createdBy" ORDER BY "createdAt" LIMIT 1);

-- Everybody could so far.
UPDATE "User" SET "permissions" = "permissions" || '{publish,make-tokens,set-policy-source}';
