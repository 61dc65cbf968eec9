import type { DecisionRecord } from "#core/contract/decision.ts";
import type { MessageEvent } from "#core/contract/event.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import type { Replayed } from "#core/policy/replay.ts";
import { ReplayTrace } from "#core/policy/replay-trace.ts";
import type { ToldStep } from "#core/policy/tell.ts";
import { readJudged } from "#lib/messages/queries.ts";
import { DraftReplay } from "./draft-replay.ts";
import { readFacts, revisionDocument, triedBy } from "./queries.ts";

/** One message of a replay: how it was judged, and how it would be, rule by rule. */
export type ReplayedMessage = {
  event: Pick<MessageEvent, "id" | "subject" | "sender">;
  /** The revision that judged it. */
  revision: number;
  before: DecisionRecord;
  /** What was tried; null: the draft as it was then. */
  tried: number | null;
  after: { replayed: Replayed; steps: readonly ToldStep[]; omitted: number };
};

/** Why one message of a replay cannot be shown any more. */
type Gone = { gone: string };

/** Judges one message again as a replay did; null: there is no such replay or message. */
export async function replayMessage(jobId: string, eventId: string): Promise<ReplayedMessage | Gone | null> {
  const [job, event, row] = await Promise.all([triedBy(jobId), readJudged(eventId), readFacts(eventId)]);
  if (job === null || event?.kind !== "message") return null;
  if (row === null) return { gone: "What it was judged by is no longer kept." };
  if (job.document === null)
    return { gone: "The draft was replayed again since: what it was at this replay is no longer kept." };
  const compiled = compilePolicy(job.document);
  if (!compiled.ok) return { gone: "This version cannot read the policy that was tried." };
  const trace = new ReplayTrace();
  const replay = new DraftReplay(compiled.policy, (number) => revisionDocument(number));
  const { replayed } = await replay.judge(row, trace);
  const { id, subject, sender, decision } = event;
  return {
    event: { id, subject, sender },
    revision: row.revision,
    before: decision,
    tried: job.revision,
    after: { replayed, ...trace.told },
  };
}
