-- CreateIndex
CREATE INDEX "MailEvent_messageIdHeader_idx" ON "MailEvent" USING HASH ("messageIdHeader");
