-- CreateTable
CREATE TABLE "InterfaceName" (
    "interfaceId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "takenAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "InterfaceName_pkey" PRIMARY KEY ("interfaceId","name")
);

-- CreateIndex
CREATE INDEX "MailEvent_interface_at_id_idx" ON "MailEvent"("interface", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "QuarantineEntry_interface_keptAt_id_idx" ON "QuarantineEntry"("interface", "keptAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "QueueEntry_interface_receivedAt_id_idx" ON "QueueEntry"("interface", "receivedAt", "id");

-- An interface is renamed by an edit, an import, an undo and more: here no way is forgotten.
CREATE FUNCTION "remember_interface_name"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "InterfaceName" ("interfaceId", name, "takenAt") VALUES (NEW.id, NEW.name, clock_timestamp())
  ON CONFLICT ("interfaceId", name) DO UPDATE SET "takenAt" = excluded."takenAt";
  RETURN NULL;
END;
$$;

CREATE TRIGGER "Interface_name" AFTER INSERT OR UPDATE OF name ON "Interface"
  FOR EACH ROW EXECUTE FUNCTION "remember_interface_name"();

INSERT INTO "InterfaceName" ("interfaceId", name, "takenAt") SELECT id, name, clock_timestamp() FROM "Interface";
