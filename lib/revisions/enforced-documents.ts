import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Transaction } from "#lib/db.ts";
import { liveRevision, parseRevision } from "./revision-row.ts";
import { openRollout } from "./rollout-mutations.ts";
import { openTrial } from "./trial-mutations.ts";

/**
 * The policies that workers enforce, or may again without anybody's doing: the newest, and the one before it while the newest is on trial or at its
 * first workers. None before the first publish.
 */
export async function enforcedDocuments(tx: Transaction): Promise<PolicyDocument[]> {
  const live = await liveRevision(tx);
  if (live === null) return [];
  const previous = (await openRollout(tx))?.previous ?? (await openTrial(tx))?.previous;
  const before = previous === undefined ? null : await tx.revision.findUnique({ where: { number: previous } });
  return [live, ...(before === null ? [] : [before])].map(parseRevision);
}
