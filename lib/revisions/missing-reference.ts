import type { Problem } from "#core/contract/policy-document.ts";
import { agoWords } from "#lib/ago-words.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";

/** How far back in the log somebody is looked for who deleted or renamed it. */
const auditRowsMax = 20_000;

/** What an edit named that the draft does not have: `what` is its noun, `proxy action`. */
export type Missing = { what: string; name: string };

/** The name that a problem of a document is about, where that is all that is wrong. */
export function missingOf({ code, message }: Problem): Missing | null {
  const [, what, name] = (code === "unknown-name" && /^there is no ([a-z ]+) "([^]*)"$/.exec(message)) || [];
  return what === undefined || name === undefined ? null : { what, name };
}

/** Why an edit that names something that is not there is refused: who deleted or renamed it and when, as far as the audit log tells. */
export async function missingReference(tx: Transaction, { what, name }: Missing): Promise<PublicError> {
  const noun = what.replaceAll(" ", "-");
  // The key of the log ends it: without that, Postgres would read all of it.
  const [last] = await tx.$queryRaw<{ actor: string; at: Date; renamed: string | null }[]>`
    SELECT actor, at, detail->'after'->>'name' AS renamed FROM "AuditEntry"
    WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM "AuditEntry") - ${auditRowsMax}
      AND ((action = ${`${noun}.delete`} AND object = ${`${what} "${name}"`})
        OR (action = ${`${noun}.edit`} AND detail->'before'->>'name' = ${name} AND detail->'after'->>'name' <> ${name}))
    ORDER BY sequence DESC LIMIT 1`;
  return new PublicError("REF_MISSING", `Not saved: ${missingWords({ what, name }, last)}`);
}

function missingWords(
  { what, name }: Missing,
  last: { actor: string; at: Date; renamed: string | null } | undefined,
): string {
  if (last === undefined) return `there is no ${what} "${name}". Choose another, or add it.`;
  const { actor, at, renamed } = last;
  const when = `by ${actor} ${agoWords(at, new Date())}`;
  // Credentials are in no draft, so their edits are not to be undone.
  const back = what === "credential" ? "add it again" : "undo that in the audit log";
  return renamed === null
    ? `the ${what} "${name}" was deleted ${when}. Choose another, or ${back}.`
    : `the ${what} "${name}" was renamed to "${renamed}" ${when}. Choose it by its new name.`;
}
