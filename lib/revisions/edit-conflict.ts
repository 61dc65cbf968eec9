import { agoWords } from "#lib/ago-words.ts";
import type { Transaction } from "#lib/db.ts";
import { type Current, PublicError } from "#lib/errors.ts";

/** Why an object of the draft is not as its editor saw it: who changed or deleted it, and when. `what` begins the sentence: `Rule`; `current` is the object as it is now. */
export async function editConflict(
  tx: Transaction,
  what: string,
  id: string,
  gone: boolean,
  current?: Current,
): Promise<PublicError> {
  // As the index has it: Prisma's own path condition reads the whole log. Counters are no part of the draft.
  const [last = null] = await tx.$queryRaw<{ actor: string; at: Date }[]>`
    SELECT actor, at FROM "AuditEntry" WHERE detail->>'id' = ${id} AND action <> 'rule.reset-counters'
    ORDER BY sequence DESC LIMIT 1`;
  const who = last?.actor ?? "an import";
  const when = last === null ? "" : ` ${agoWords(last.at, new Date())}`;
  const advice = gone
    ? "Your input is kept here: add it as a new one, or undo the deletion in the audit log."
    : current === undefined
      ? "Your input is kept here: load the page again to see theirs."
      : "Your input is kept here, and can be put together with theirs.";
  const message = `${what} not saved: ${gone ? "deleted" : "changed"} by ${who}${when}. ${advice}`;
  return new PublicError(gone ? "OBJECT_GONE" : "EDIT_CONFLICT", message, { current });
}
