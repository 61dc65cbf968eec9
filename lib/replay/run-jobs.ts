import { setImmediate as othersTurn } from "node:timers/promises";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import type { Actor } from "#lib/actor.ts";
import { database, transaction } from "#lib/db.ts";
import { type JobKind, resumeJobs } from "#lib/jobs/job-runner.ts";
import { DraftReplay } from "./draft-replay.ts";
import { endReplay, settleReplay, startReplay } from "./mutations.ts";
import { nextFacts, type Place, revisionDocument, unfinishedReplays } from "./queries.ts";
import type { ReplayInput } from "./replay-input.ts";
import { ReplayTally, replayResultSchema } from "./result.ts";

export const replayJobs: JobKind = { name: "replay", unfinished: unfinishedReplays, step: replayPart };

/** How long is worked before it is written down; so long a kill costs, and an end is waited for. */
const partMs = 1_000;
/** The console has other things to do. */
const turnMs = 20;
const rowsAtOnce = 500;

/** The policy of the job that runs, compiled. */
let running: { jobId: string; replay: DraftReplay } | null = null;

/** Starts a replay and lets it run. Gives the job's id. */
export async function beginReplay(input: ReplayInput, actor: Actor): Promise<string> {
  const id = await transaction((tx) => startReplay(tx, input, actor, new Date()));
  resumeJobs(replayJobs);
  return id;
}

async function replayPart(jobId: string): Promise<boolean> {
  const job = await database().replayJob.findUnique({ where: { id: jobId } });
  if (job === null || job.finishedAt !== null) {
    running = null;
    return false;
  }
  const { since, until, afterAt, afterId } = job;
  const replay = compiled(jobId, job.document);
  if (replay === null) {
    await transaction((tx) => endReplay(tx, { jobId }));
    return false;
  }
  const tally = new ReplayTally(replayResultSchema.parse(job.result));
  const deadline = performance.now() + partMs;
  let { done } = job;
  let after: Place = afterAt === null || afterId === null ? null : { at: afterAt, id: afterId };
  let isOver = false;
  while (!isOver && performance.now() < deadline) {
    const rows = await nextFacts(since, until, after, rowsAtOnce);
    let turn = performance.now() + turnMs;
    for (const row of rows) {
      const { judged, replayed } = await replay.judge(row);
      tally.add(judged, replayed);
      if (performance.now() < turn) continue;
      await othersTurn();
      turn = performance.now() + turnMs;
    }
    const last = rows.at(-1);
    if (last !== undefined) after = { at: last.at, id: last.eventId };
    done += rows.length;
    isOver = rows.length < rowsAtOnce;
  }
  await transaction((tx) => settleReplay(tx, job, { done, after, tally, isOver }));
  return true;
}

/** Null: this version, which is another one than began it, cannot read its policy. */
function compiled(jobId: string, document: string): DraftReplay | null {
  if (running?.jobId === jobId) return running.replay;
  const parsed = policyDocumentSchema.safeParse(JSON.parse(document));
  const result = parsed.success ? compilePolicy(parsed.data) : null;
  if (!result?.ok) return null;
  const replay = new DraftReplay(result.policy, (number) => revisionDocument(number));
  running = { jobId, replay };
  return replay;
}
