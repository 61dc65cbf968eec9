-- What was done to one object, newest first.
CREATE INDEX "AuditEntry_object_idx" ON "AuditEntry" ((detail->>'id'), sequence DESC);
