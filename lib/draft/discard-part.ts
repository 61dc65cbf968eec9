import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { changeBetween } from "#core/policy/document-change.ts";
import { pathOf } from "#core/policy/document-parts.ts";
import { applyEdits, type DocumentEdit, inverseOf } from "#core/policy/patch.ts";
import { inverseOfRenames, withRenames } from "#core/policy/renames.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { lockDraft } from "#lib/revisions/draft-lock.ts";
import { refuseChangedDraft } from "#lib/revisions/mutations.ts";
import { problemText } from "#lib/revisions/problem-text.ts";
import { replaceDraft } from "#lib/revisions/replace-draft.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";

const changesInAuditMax = 100;

/**
 * Makes some objects of the draft what they are in the live revision. `at` names them as diffDocuments does. Fails with DRAFT_CHANGED when the draft
 * is not that of `draftDigest` any more, and with IN_USE, in words, when what stays in the draft would not hold together without them.
 */
export async function discardPart(
  tx: Transaction,
  actor: Actor,
  { at, draftDigest }: { at: readonly string[]; draftDigest: string },
): Promise<{ discarded: number }> {
  await lockDraft(tx);
  await refuseChangedDraft(tx, draftDigest, "Nothing was discarded: somebody changed the draft meanwhile. Look again.");
  const live = await liveRevision(tx);
  if (live === null)
    throw new PublicError(
      "NOT_FOUND",
      "Nothing was discarded: nothing was published yet that the draft could go back to. Delete what you do not want.",
    );
  const draft = await readDraft(tx);
  const result = withoutChanges(draft, parseRevision(live), new Set(at));
  const problems = checkDocument(result);
  if (problems.length > 0)
    throw new PublicError(
      "IN_USE",
      `Nothing was discarded, because other changes in the draft need it. Discard them with it, or change them first:\n${problemText(problems, result)}`,
    );
  const changes = diffDocuments(result, draft).map(({ words }) => words);
  if (changes.length === 0)
    throw new PublicError(
      "UNCHANGED",
      "Nothing was discarded: the draft has no such changes any more. The page shows those that it has.",
    );
  await replaceDraft(tx, result);
  await appendAudit(tx, actor, {
    action: "draft.discard-part",
    object: "the draft",
    summary: `${changes.length === 1 ? "1 change" : `${changes.length} changes`} discarded: ${changes[0]}${changes.length > 1 ? " …" : ""}`,
    detail: { discarded: changes.slice(0, changesInAuditMax) },
  });
  return { discarded: changes.length };
}

/** The draft with the chosen objects as they are live, by their live names. */
function withoutChanges(draft: PolicyDocument, live: PolicyDocument, chosen: ReadonlySet<string>): PolicyDocument {
  // From live to the draft, as the words are: the other way round, another object may count as the one that moved.
  const { renames, edits } = changeBetween(live, draft);
  const result = applyEdits(draft, withBelongings(inverseOf(edits), chosen));
  if (!result.ok)
    throw new PublicError(
      "EDIT_CONFLICT",
      "Nothing was discarded: these changes do not go alone. Tick those that belong to them as well.",
    );
  const back = inverseOfRenames(renames.filter(({ section, to }) => chosen.has(JSON.stringify([section, to]))));
  // A live name that is free in the draft: else it would be no new name of this object.
  return withRenames(result.document, back);
}

/** The chosen edits, and what does not stand without them: the rules of a proxy action that comes or goes, the ruleset of a rule that comes back. */
function withBelongings(edits: readonly DocumentEdit[], chosen: ReadonlySet<string>): DocumentEdit[] {
  const picked = edits.filter(({ path, key }) => chosen.has(JSON.stringify([...path, key])));
  const actions = new Set(
    picked
      .filter(({ path, before, after }) => path[0] === "proxyActions" && (before === null || after === null))
      .map(({ key }) => key),
  );
  const rulesets = new Set(
    picked.flatMap(({ path: [part, ...place], after }) =>
      part === "rules" && after !== null ? [JSON.stringify(place)] : [],
    ),
  );
  const belongs = ({ path, key, before }: DocumentEdit) => {
    if (path[0] === "rules") return actions.has(path[1] ?? "");
    return path[0] === "rulesets" && (actions.has(pathOf(key)[0] ?? "") || (before === null && rulesets.has(key)));
  };
  return edits.filter((edit) => picked.includes(edit) || belongs(edit));
}
