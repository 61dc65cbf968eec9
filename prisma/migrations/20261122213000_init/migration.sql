-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "User" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "sessionVersion" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInThrottle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "lastFailureAt" TIMESTAMPTZ(3) NOT NULL,
    "lockedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "SignInThrottle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "EndedSession" (
    "id" UUID NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "EndedSession_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SetupToken" (
    "tokenHash" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "SetupToken_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "Interface" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "networks" TEXT[],
    "rank" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Interface_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "List" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "entries" TEXT[],
    "rank" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "List_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Route" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "rank" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Route_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ProxyAction" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "limits" JSONB NOT NULL,
    "settings" JSONB,
    "noneMatched" JSONB NOT NULL DEFAULT '{}',
    "rank" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "ProxyAction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Rule" (
    "id" UUID NOT NULL,
    "proxyActionId" UUID NOT NULL,
    "ruleset" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "when" JSONB,
    "action" JSONB NOT NULL,
    "log" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Policy" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "rank" INTEGER NOT NULL,
    "fromInterfaceId" UUID NOT NULL,
    "sources" TEXT[],
    "toInterfaceId" UUID NOT NULL,
    "routeId" UUID NOT NULL,
    "proxyActionId" UUID NOT NULL,
    "listen" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Revision" (
    "number" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "authorName" TEXT NOT NULL,
    "publishedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "restoredFrom" INTEGER,

    CONSTRAINT "Revision_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "Acknowledgement" (
    "revisionNumber" INTEGER NOT NULL,
    "workerId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "applied" BOOLEAN NOT NULL,
    "error" TEXT,

    CONSTRAINT "Acknowledgement_pkey" PRIMARY KEY ("revisionNumber","workerId")
);

-- CreateTable
CREATE TABLE "Worker" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "controlUrl" TEXT NOT NULL,
    "controlTokenSealed" TEXT NOT NULL,
    "reportTokenHash" TEXT NOT NULL,
    "enrolledAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSequence" INTEGER NOT NULL DEFAULT 0,
    "lastSeenAt" TIMESTAMPTZ(3),
    "appliedRevision" INTEGER NOT NULL DEFAULT 0,
    "appliedDigest" TEXT,
    "status" JSONB,

    CONSTRAINT "Worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "QueueEntry" (
    "workerId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "interface" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "sender" TEXT NOT NULL,
    "recipients" TEXT[],
    "subject" TEXT,
    "bytes" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "lastReply" TEXT,
    "lastAttemptAt" TIMESTAMPTZ(3),
    "nextAttemptAt" TIMESTAMPTZ(3),

    CONSTRAINT "QueueEntry_pkey" PRIMARY KEY ("workerId","id")
);

-- CreateTable
CREATE TABLE "MailEvent" (
    "id" TEXT NOT NULL,
    "workerId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "messageId" TEXT,
    "protocol" TEXT,
    "direction" TEXT,
    "interface" TEXT,
    "policy" TEXT,
    "clientAddress" TEXT,
    "sender" TEXT,
    "recipients" TEXT[],
    "subject" TEXT,
    "messageIdHeader" TEXT,
    "bytes" INTEGER,
    "verdict" TEXT,
    "outcome" TEXT,
    "ruleId" TEXT,
    "ruleName" TEXT,
    "revision" INTEGER,
    "reply" TEXT,
    "detail" JSONB NOT NULL,

    CONSTRAINT "MailEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RuleHit" (
    "ruleId" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "enforced" INTEGER NOT NULL,
    "observed" INTEGER NOT NULL,

    CONSTRAINT "RuleHit_pkey" PRIMARY KEY ("ruleId","hour")
);

-- CreateTable
CREATE TABLE "TrafficMinute" (
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "workerId" TEXT NOT NULL,
    "interface" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "messages" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "TrafficMinute_pkey" PRIMARY KEY ("minute","workerId","interface","protocol","verdict")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "detail" JSONB,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Interface_name_key" ON "Interface"("name");

-- CreateIndex
CREATE UNIQUE INDEX "List_name_key" ON "List"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Route_name_key" ON "Route"("name");

-- CreateIndex
CREATE UNIQUE INDEX "ProxyAction_name_key" ON "ProxyAction"("name");

-- CreateIndex
CREATE INDEX "Rule_proxyActionId_ruleset_rank_idx" ON "Rule"("proxyActionId", "ruleset", "rank");

-- CreateIndex
CREATE UNIQUE INDEX "Policy_name_key" ON "Policy"("name");

-- CreateIndex
CREATE INDEX "QueueEntry_receivedAt_idx" ON "QueueEntry"("receivedAt");

-- CreateIndex
CREATE INDEX "MailEvent_at_id_idx" ON "MailEvent"("at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "MailEvent_messageId_idx" ON "MailEvent"("messageId");

-- CreateIndex
CREATE INDEX "MailEvent_ruleId_at_idx" ON "MailEvent"("ruleId", "at" DESC);

-- CreateIndex
CREATE INDEX "MailEvent_verdict_at_idx" ON "MailEvent"("verdict", "at" DESC);

-- AddForeignKey
ALTER TABLE "Rule" ADD CONSTRAINT "Rule_proxyActionId_fkey" FOREIGN KEY ("proxyActionId") REFERENCES "ProxyAction"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Policy" ADD CONSTRAINT "Policy_fromInterfaceId_fkey" FOREIGN KEY ("fromInterfaceId") REFERENCES "Interface"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Policy" ADD CONSTRAINT "Policy_toInterfaceId_fkey" FOREIGN KEY ("toInterfaceId") REFERENCES "Interface"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Policy" ADD CONSTRAINT "Policy_routeId_fkey" FOREIGN KEY ("routeId") REFERENCES "Route"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Policy" ADD CONSTRAINT "Policy_proxyActionId_fkey" FOREIGN KEY ("proxyActionId") REFERENCES "ProxyAction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Acknowledgement" ADD CONSTRAINT "Acknowledgement_revisionNumber_fkey" FOREIGN KEY ("revisionNumber") REFERENCES "Revision"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Acknowledgement" ADD CONSTRAINT "Acknowledgement_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "QueueEntry" ADD CONSTRAINT "QueueEntry_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- The audit log is append-only, for us as for everybody who reaches the database through us.
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE TRIGGER "AuditEntry_no_row_change" BEFORE UPDATE OR DELETE ON "AuditEntry"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();

CREATE TRIGGER "AuditEntry_no_truncate" BEFORE TRUNCATE ON "AuditEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
