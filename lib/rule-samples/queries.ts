import { z } from "zod";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import { readJudgedFacts } from "#core/contract/judged-facts.ts";
import { type CompiledPolicy, compilePolicy } from "#core/policy/compile.ts";
import { documentOfRule, type PastMatch, RuleOnPast } from "#core/policy/rule-on-past.ts";
import { database } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { revisionDocument } from "#lib/replay/queries.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { policyInvalid } from "#lib/revisions/problem-text.ts";
import type { RuleSamplesInput } from "./sample-input.ts";

const hours = 24;
const samplesMax = 10;
/** Messages that are looked through, the newest. */
const messagesMax = 10_000;
const rowsAtOnce = 200;

export type RuleSample = { id: string; at: string; sender: string | null; subject: string | null; verdict: Verdict };
export type RuleSamples = {
  /** Newest first, the first of those that match. */
  samples: RuleSample[];
  matching: number;
  looked: number;
  /** There were more than are looked through. */
  isCut: boolean;
  unsaid: { why: string; messages: number }[];
};

const rowSchema = z.object({
  eventId: z.string(),
  at: z.date(),
  policy: z.string(),
  verdict: verdictSchema,
  revision: z.number(),
  facts: z.string(),
});
type Row = z.infer<typeof rowSchema>;

/** The messages of the last 24 hours, of policies that use its proxy action, that a rule matches, whatever stands above it. */
export async function findRuleSamples(input: RuleSamplesInput, now: Date): Promise<RuleSamples> {
  const draft = await readDraft(database());
  const action = await database().proxyAction.findUnique({ where: { id: input.proxyActionId } });
  if (action === null)
    throw new PublicError("NOT_FOUND", "Not looked: somebody deleted its proxy action. What you typed stays here.");
  const document = documentOfRule(draft, input.rule, { proxyAction: action.name, ruleset: input.ruleset });
  const compiled = compilePolicy(document);
  if (!compiled.ok)
    throw policyInvalid("Not looked: the rule cannot be enforced as it is.", compiled.problems, document);
  const policies = draft.policies.filter(({ proxyAction }) => proxyAction === action.name).map(({ name }) => name);
  const past = new PastRevisions(new RuleOnPast(compiled.policy, input.ruleset));
  const unsaid = new Map<string, number>();
  const matching: Row[] = [];
  let looked = 0;
  for await (const rows of recentRows(policies, now)) {
    for (const row of rows) {
      const match = await past.match(row);
      if (match.kind === "matches") matching.push(row);
      if (match.kind === "unsaid") unsaid.set(match.why, (unsaid.get(match.why) ?? 0) + 1);
    }
    looked += rows.length;
  }
  return {
    samples: await samplesOf(matching.slice(0, samplesMax)),
    matching: matching.length,
    looked,
    isCut: looked === messagesMax,
    unsaid: [...unsaid].map(([why, messages]) => ({ why, messages })).sort((a, b) => b.messages - a.messages),
  };
}

/** Newest first, some at a time: other requests go on in between. */
async function* recentRows(policies: readonly string[], now: Date): AsyncGenerator<Row[]> {
  const since = new Date(now.getTime() - hours * 3_600_000);
  let before = { at: now, id: "" };
  for (let read = 0; read < messagesMax; read += rowsAtOnce) {
    const found = await database().$queryRaw`
      SELECT "eventId", "at", "policy", "verdict", "revision", "facts" FROM "MessageFacts"
      WHERE "at" > ${since} AND ("at", "eventId") < (${before.at}, ${before.id}) AND "policy" = ANY(${policies})
      ORDER BY "at" DESC, "eventId" DESC LIMIT ${rowsAtOnce}`;
    const rows = z.array(rowSchema).parse(found);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < rowsAtOnce) return;
    before = { at: last.at, id: last.eventId };
  }
}

/** Asks the rule under the revision that judged a message, each compiled once. */
class PastRevisions {
  readonly #past: RuleOnPast;
  readonly #revisions = new Map<number, CompiledPolicy | null>();

  constructor(past: RuleOnPast) {
    this.#past = past;
  }

  async match({ policy, verdict, revision, facts }: Row): Promise<PastMatch> {
    const under = await this.#revision(revision);
    if (under === null) return { kind: "unsaid", why: "the revision that judged it is not known here" };
    const judged = readJudgedFacts(facts);
    if (judged === null) return { kind: "unsaid", why: "what is kept of it cannot be read" };
    return this.#past.match({ judged, policy, verdict }, under);
  }

  async #revision(number: number): Promise<CompiledPolicy | null> {
    const known = this.#revisions.get(number);
    if (known !== undefined) return known;
    const document = await revisionDocument(number);
    const compiled = document === null ? null : compilePolicy(document);
    const policy = compiled?.ok === true ? compiled.policy : null;
    this.#revisions.set(number, policy);
    return policy;
  }
}

async function samplesOf(rows: readonly Row[]): Promise<RuleSample[]> {
  const found = await database().mailEvent.findMany({
    where: { id: { in: rows.map(({ eventId }) => eventId) } },
    select: { id: true, sender: true, subject: true },
  });
  const events = new Map(found.map((event) => [event.id, event]));
  return rows.map(({ eventId: id, at, verdict }) => {
    const { sender = null, subject = null } = events.get(id) ?? {};
    return { id, at: at.toISOString(), sender, subject, verdict };
  });
}
