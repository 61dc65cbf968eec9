import type { Actor } from "#lib/actor.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { announce } from "#lib/live/mutations.ts";
import { storableJson, storableText } from "#lib/storable-json.ts";
import { auditHash, chainStart, exactNumbers } from "./canonical.ts";
import type { AuditFilter } from "./filter.ts";

/**
 * What was done. `action` is noun.verb, for example rule.add; `object` names what it was done to, in words; `summary` is
 * one sentence; `detail` holds before and after, or whatever else explains it. No secret goes in here.
 */
export type AuditDraft = { action: string; object: string; summary: string; detail?: unknown };

/** Two instances of the console take turns at the end of the chain. */
const chainLock = 7_305_001;

/** Appends a row to the audit log inside the caller's transaction: the change and its row commit together or not at all. */
export function appendAudit(tx: Transaction, actor: Actor, draft: AuditDraft): Promise<void> {
  return appendAudits(tx, actor, [draft]);
}

/** The same for a change of many things, each with a row of its own, in order. */
export async function appendAudits(tx: Transaction, actor: Actor, drafts: readonly AuditDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${chainLock})`;
  const last = await tx.auditEntry.findFirst({ orderBy: { sequence: "desc" }, select: { sequence: true, hash: true } });
  const at = new Date();
  let [sequence, previousHash] = [last?.sequence ?? 0n, last?.hash ?? chainStart];
  const data = drafts.map((draft) => {
    sequence += 1n;
    const content = {
      sequence,
      at,
      actor: storableText(actor.name),
      address: actor.address === null ? null : storableText(actor.address),
      action: draft.action,
      object: storableText(draft.object),
      summary: storableText(draft.summary),
      detail: exactNumbers(storableJson(draft.detail)),
      previousHash,
      role: actor.role ?? null,
      via: actor.via ?? null,
    };
    previousHash = auditHash(content);
    return { ...content, detail: content.detail === null ? Prisma.DbNull : content.detail, hash: previousHash };
  });
  await tx.auditEntry.createMany({ data });
  await announce(tx, ["audit"]);
}

/** An export is an entry too. On its own: while a transaction that has written into the log lasts, nobody else can write. */
export async function recordExport(actor: Actor, format: string, filter: AuditFilter): Promise<void> {
  const summary = `${actor.name} exported the audit log as ${format.toUpperCase()}.`;
  const draft = { action: "audit.export", object: "Audit log", summary, detail: { format, filter } };
  await transaction((tx) => appendAudit(tx, actor, draft));
}
