-- The orders of the queue page (lib/queue/queries.ts): of a million entries the first hundred are read, not sorted. Prisma's schema cannot say it.
CREATE INDEX "QueueEntry_nextAttempt_idx" ON "QueueEntry" (coalesce("nextAttemptAt", '9999-12-31Z'::timestamptz), "id");
CREATE INDEX "QueueEntry_bytes_idx" ON "QueueEntry" (to_timestamp("bytes"), "id");
CREATE INDEX "QueueEntry_attempts_idx" ON "QueueEntry" (to_timestamp("attempts"), "id");
