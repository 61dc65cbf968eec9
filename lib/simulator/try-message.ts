import type { Verdict } from "#core/contract/decision.ts";
import type { Protocol } from "#core/contract/facts.ts";
import type { Permission } from "#core/contract/permission.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Simulated, SimulationRequest } from "#core/contract/simulation.ts";
import type { Actor } from "#lib/actor.ts";
import { demandPermission } from "#lib/auth/permissions.ts";
import { database } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { type DiffHunk, lineDiff } from "#lib/revisions/line-diff.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { askSimulation } from "./ask-worker.ts";
import { readKeptMessage } from "./kept-message.ts";
import type { TriedPolicy, Try } from "./simulator-input.ts";

/** What would become of a message, over which protocol; `changes`: of each copy that would go on, null where it goes on as it came. */
export type Tried = Omit<Simulated, "before" | "copies"> & {
  protocol: Protocol;
  copies: { recipients: string[]; route: string; changes: DiffHunk[] | null; cut: boolean }[];
  /** What the live revision says of the same, where the draft that was tried is another one. */
  live: { number: number; verdicts: Verdict[] } | null;
};

/** Tries a message against a policy. Nothing is sent, kept or counted; a look into what is kept takes a permission, and is written down before. */
export async function tryMessage(
  { policy, input, message, ask }: Try,
  actor: Actor,
  permissions: readonly Permission[],
): Promise<Tried> {
  if (message.kind === "kept") demandPermission(permissions, "read-mail");
  const { document, revision } = await triedDocument(policy);
  const base64 = message.kind === "kept" ? await readKeptMessage(message.id, actor) : null;
  const given = message.kind === "given" ? message.base64 : base64;
  const trial = { input, message: given, full: true };
  const [simulated] = await askSimulation({ document, revision, trials: [trial], ask });
  if (simulated === undefined) throw new Error("no answer to the only trial");
  const live = policy === "draft" ? await underLive(document, { trials: [{ ...trial, full: false }], ask }) : null;
  const { before, copies, ...answer } = simulated;
  return {
    ...answer,
    protocol: input.protocol ?? "smtp",
    live,
    copies: copies.map(({ recipients, route, after, cut }) => ({
      recipients,
      route,
      changes: before === null || after === null ? null : lineDiff(withoutReturns(before), withoutReturns(after)),
      cut,
    })),
  };
}

/** Null where nothing else is live, or no worker tries it: what the draft would do is known all the same. */
async function underLive(
  draft: PolicyDocument,
  trial: Pick<SimulationRequest, "trials" | "ask">,
): Promise<Tried["live"]> {
  const row = await liveRevision(database());
  if (row === null || row.document === JSON.stringify(draft)) return null;
  try {
    const [simulated] = await askSimulation({ document: parseRevision(row), revision: row.number, ...trial });
    const events = simulated?.events ?? [];
    return { number: row.number, verdicts: events.flatMap(({ decision }) => decision?.verdict ?? []) };
  } catch (error) {
    if (error instanceof PublicError) return null;
    throw error;
  }
}

async function triedDocument(policy: TriedPolicy): Promise<{ document: PolicyDocument; revision: number }> {
  const live = await liveRevision(database());
  if (policy === "draft") return { document: await readDraft(database()), revision: live?.number ?? 0 };
  const row = policy === "live" ? live : await database().revision.findUnique({ where: { number: policy } });
  if (row === null)
    throw new PublicError(
      "NOT_FOUND",
      policy === "live"
        ? "Not tried: nothing was published yet. Choose the draft."
        : `Not tried: there is no revision r${policy}. Choose another one.`,
    );
  return { document: parseRevision(row), revision: row.number };
}

function withoutReturns(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
