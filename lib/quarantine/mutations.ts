import type { Permission } from "#core/contract/permission.ts";
import type { QuarantineCommandRequest } from "#core/contract/quarantine.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { demandPermission } from "#lib/auth/permissions.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { addListEntry } from "#lib/lists/mutations.ts";
import { announce } from "#lib/live/mutations.ts";
import { type ControlTarget, sendQuarantineCommand } from "#lib/workers/control-client.ts";
import type { EntryRef, QuarantineResult, QuarantineSelection } from "./quarantine-input.ts";
import { findKept, type Kept, type QuarantineRow } from "./queries.ts";
import { type ListedSender, senderLists, senderOf } from "./sender-lists.ts";

/** Of each entry: a row of the log about a thousand messages with thousands of recipients must stay readable. */
const recipientsInAuditMax = 20;

/** What a person looks at. */
export type Look = "text" | "html" | "download";
const looks: Record<Look, string> = {
  text: "opened the text of",
  html: "opened the HTML of",
  download: "downloaded",
};

/** Writes down that somebody looks at a body, before they do; gives where it is. */
export function recordLook(ref: EntryRef, look: Look, actor: Actor): Promise<Kept> {
  return transaction(async (tx) => {
    const kept = await findOne(tx, ref);
    await appendAudit(tx, actor, {
      action: `quarantine.${look === "download" ? "download" : "view"}`,
      object: ref.id,
      summary: `${actor.name} ${looks[look]} ${kept.entry.kind === "part" ? "a file" : "a message"} in quarantine.`,
      detail: { look, ...factsOf(kept.entry) },
    });
    return kept;
  });
}

async function findOne(tx: Transaction, ref: EntryRef): Promise<Kept> {
  const [kept] = await findKept(tx, [ref]);
  if (kept !== undefined && kept !== null) return kept;
  throw new PublicError("NOT_FOUND", "This is not in quarantine any more: it was deleted, or its days are over.");
}

export type CommandOutcome = { results: QuarantineResult[]; listed: ListedSender[] };

/**
 * Asks the workers to carry out a command, entry by entry. The audit row is committed before any worker is asked, so that no effect can be
 * without one; what was not done gets a second row. The rows of the quarantine change when the workers report it.
 */
export async function commandQuarantine(
  selection: QuarantineSelection,
  actor: Actor,
  permissions: readonly Permission[],
): Promise<CommandOutcome> {
  const { entries, listed } = await transaction((tx) => announceCommand(tx, selection, actor, permissions));
  const known = entries.flatMap((kept) => (kept === null ? [] : [kept]));
  const asked = await askWorkers(
    orderOf(selection, actor.name),
    known.map(({ entry, worker }) => ({ workerId: entry.workerId, id: entry.id, worker })),
  );
  const lacking = selection.entries
    .filter((_ref, index) => entries[index] === null)
    .map((ref) => ({ ...ref, done: false, reason: "It is not in quarantine any more." }));
  const results = [...asked, ...lacking];
  const refused = results.filter(({ done }) => !done);
  if (refused.length > 0) await transaction((tx) => auditRefusals(tx, selection.command, results, actor));
  return { results, listed };
}

async function announceCommand(
  tx: Transaction,
  selection: QuarantineSelection,
  actor: Actor,
  permissions: readonly Permission[],
) {
  demandOrder(selection, permissions);
  const entries = await findKept(tx, selection.entries);
  const before = entries.flatMap((kept) => (kept === null ? [] : [factsOf(kept.entry)]));
  const { command, reason } = selection;
  const details = command === "release" ? { recipients: selection.recipients, malware: selection.malware } : {};
  await appendAudit(tx, actor, {
    action: `quarantine.${command}`,
    object: countEntries(selection.entries.length),
    summary: `${actor.name} asked for ${asked[command]}${because(reason)}`,
    detail: { asked: selection.entries, reason, ...details, before },
  });
  const listed: ListedSender[] = [];
  if (command === "release" && selection.allowSenders)
    for (const kept of entries) if (kept !== null) listed.push(await listSender(tx, actor, kept.entry, "allowed"));
  return { entries, listed };
}

export const asked: Record<QuarantineCommandRequest["command"], string> = {
  release: "a release from quarantine",
  delete: "deletion from quarantine",
};

/** Guards malware: who may not release it may not say so either. And the draft, whose list of allowed senders it would go on. */
export function demandOrder(
  order: { command: "release"; malware: boolean; allowSenders?: boolean } | { command: "delete" },
  permissions: readonly Permission[],
): void {
  if (order.command === "delete") return;
  if (order.malware) demandPermission(permissions, "release-malware");
  if (order.allowSenders === true) demandPermission(permissions, "edit");
}

/** Puts the sender of something kept on the draft's list of blocked senders. */
export async function blockSender(tx: Transaction, ref: EntryRef, actor: Actor): Promise<ListedSender> {
  const kept = await findOne(tx, ref);
  return listSender(tx, actor, kept.entry, "blocked");
}

async function listSender(
  tx: Transaction,
  actor: Actor,
  entry: QuarantineRow,
  which: keyof typeof senderLists,
): Promise<ListedSender> {
  const address = senderOf(entry);
  const list = senderLists[which];
  const { added, used } = await addListEntry(tx, actor, { name: list, kind: "addresses", entry: address });
  if (added) await announce(tx, ["draft"]);
  return { address, list, added, used };
}

type Order = { command: "release"; recipients?: string[] | undefined; malware: boolean; reason: string; by: string };
export type CommandOrder = Order | { command: "delete"; reason: string; by: string };

function orderOf(selection: QuarantineSelection, by: string): CommandOrder {
  const { command, reason } = selection;
  if (command === "delete") return { command, reason, by };
  return { command, reason, by, malware: selection.malware, recipients: selection.recipients };
}

/** Asks each worker for its entries; each entry has its own result. Never rejects. */
export async function askWorkers(
  order: CommandOrder,
  entries: readonly (EntryRef & { worker: ControlTarget })[],
): Promise<QuarantineResult[]> {
  const byWorker = Map.groupBy(entries, ({ workerId }) => workerId);
  const answers = await Promise.all([...byWorker.values()].map((group) => askWorker(order, group)));
  return answers.flat();
}

async function askWorker(
  order: CommandOrder,
  group: readonly (EntryRef & { worker: ControlTarget })[],
): Promise<QuarantineResult[]> {
  const [first] = group;
  if (first === undefined) return [];
  const answer = await sendQuarantineCommand(first.worker, { ...order, ids: group.map(({ id }) => id) });
  const byId = answer.ok
    ? new Map(answer.value.results.map((result) => [result.id, result]))
    : new Map<string, never>();
  const otherwise = answer.ok ? "The worker did not answer for it." : answer.failure.message;
  return group.map(({ workerId, id }) => {
    const result = byId.get(id);
    return { workerId, id, done: result?.done ?? false, reason: result === undefined ? otherwise : result.reason };
  });
}

async function auditRefusals(
  tx: Transaction,
  command: QuarantineSelection["command"],
  results: readonly QuarantineResult[],
  actor: Actor,
): Promise<void> {
  const refused = results.filter(({ done }) => !done);
  await appendAudit(tx, actor, {
    action: "quarantine.refusal",
    object: countEntries(refused.length),
    summary: `Refused or not confirmed for ${refused.length} of ${countEntries(results.length)}: ${asked[command]}.`,
    detail: { command, refused },
  });
  await announce(tx, ["quarantine"]);
}

/** The end of a sentence. */
export function because(reason: string): string {
  return reason === "" ? "." : `: ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`;
}

/** What the log tells of an entry. */
function factsOf({
  workerId,
  id,
  messageId,
  kind,
  cause,
  malware,
  sender,
  user,
  recipients,
  state,
  sha256,
  fileName,
  ruleName,
}: QuarantineRow) {
  const few = recipients.slice(0, recipientsInAuditMax);
  const what = { workerId, id, messageId, kind, cause, malware, sender, user, state, sha256, fileName, ruleName };
  return { ...what, recipients: few, recipientCount: recipients.length };
}

export function countEntries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}
