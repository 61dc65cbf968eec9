import { createHash } from "node:crypto";
import { z } from "zod";
import { contentReportSchema } from "#core/contract/content-report.ts";
import { decisionSchema } from "#core/contract/decision.ts";
import type { Facts } from "#core/contract/facts.ts";
import { type Edit, EditList } from "#core/message/rewrite/edit.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { Quarantine } from "../quarantine/quarantine.ts";
import type { GoverningPolicy } from "../services.ts";
import type { MessageJudgement } from "./message-judgement.ts";
import { pop3Definition } from "./pop3-definition.ts";

/** Characters of one verdict that is kept, as JSON; of a larger one only that it was reached: the message is judged again. */
export const keptVerdictCharactersMax = 16_384;

const editSchema = z.strictObject({ start: z.number().int(), end: z.number().int(), bytes: z.base64() });

/** What the client gets. again: it is not kept, the message is read and judged again. */
const keptShownSchema = z.discriminatedUnion("what", [
  z.strictObject({ what: z.literal("original") }),
  z.strictObject({ what: z.literal("edited"), edits: z.array(editSchema) }),
  z.strictObject({ what: z.literal("notice"), message: z.base64() }),
  z.strictObject({ what: z.literal("again") }),
]);

/** What a look at a whole message gave. */
export const keptVerdictSchema = z.strictObject({
  /** It stands in what is shown. */
  id: z.string(),
  /** An event carries the id. */
  told: z.boolean(),
  /** Of the message, dots undone. */
  bytes: z.number().int().nonnegative(),
  /** Of what is shown; null: as the server says. */
  octets: z.number().int().nonnegative().nullable(),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  messageIdHeader: z.string().nullable(),
  /** Without its trace; null: it is not kept. */
  decision: decisionSchema.nullable(),
  /** What was changed of it, and by which rule. */
  changes: contentReportSchema.shape.changes,
  /** Once one of these is released from quarantine, it is judged again: the message, and its parts that are locked away. */
  kept: z.array(z.strictObject({ sha256: z.string(), malware: z.array(z.string()) })),
  /** Under which it, or parts of it, lie in quarantine; once one is not there any more, it is judged again. */
  quarantined: z.array(z.string()),
  shown: keptShownSchema,
});
export type KeptVerdict = z.infer<typeof keptVerdictSchema>;

/** The verdict that was reached, as it is kept. */
export function keptVerdict(judgement: MessageJudgement, revision: number, id: string, told: boolean): KeptVerdict {
  const { from, subject, messageIdHeader } = judgement.summary;
  const decision = judgement.log.record(revision);
  return cutVerdict({
    ...{ id, told, from, subject, messageIdHeader },
    bytes: judgement.bytes,
    octets: judgement.shown === "original" ? null : shownOctets(judgement),
    // The trace is told by the event of the message's first retrieval.
    decision: { ...decision, trace: [], traceOmitted: decision.trace.length + decision.traceOmitted },
    changes: judgement.copy.editor.told,
    kept: judgement.shown === "original" ? [] : judgement.keptAway,
    quarantined: [...judgement.kept],
    shown: shownOf(judgement),
  });
}

function shownOf(judgement: MessageJudgement): KeptVerdict["shown"] {
  switch (judgement.shown) {
    case "original":
      return { what: "original" };
    case "edited":
      return { what: "edited", edits: keptEdits(judgement.edits) };
    case "notice":
      return { what: "notice", message: Buffer.from(judgement.notice()).toString("base64") };
    default:
      return judgement.shown satisfies never;
  }
}

/** Octets of what the client gets. */
function shownOctets(judgement: MessageJudgement): number {
  if (judgement.shown === "notice") return judgement.notice().length;
  let octets = judgement.bytes;
  for (const { start, end, bytes } of eachEdit(judgement.edits)) octets += bytes.length - (end - start);
  return octets;
}

function* eachEdit(edits: EditList): Generator<Edit> {
  for (let index = 0; index < edits.length; index++) {
    const edit = edits.at(index);
    if (edit !== undefined) yield edit;
  }
}

/** The verdict if it is small enough to be kept, else what is left of it. */
function cutVerdict(verdict: KeptVerdict): KeptVerdict {
  if (JSON.stringify(verdict).length <= keptVerdictCharactersMax) return verdict;
  const nothing = {
    from: null,
    subject: null,
    messageIdHeader: null,
    decision: null,
    changes: [],
    kept: [],
    quarantined: [],
  };
  return { ...verdict, ...nothing, shown: { what: "again" } };
}

function keptEdits(edits: EditList): z.infer<typeof editSchema>[] {
  return Array.from(eachEdit(edits), ({ start, end, bytes }) => ({
    start,
    end,
    bytes: Buffer.from(bytes).toString("base64"),
  }));
}

export function editList(edits: z.infer<typeof editSchema>[]): EditList {
  const list = new EditList();
  for (const { start, end, bytes } of edits) list.add({ start, end, bytes: Buffer.from(bytes, "base64") });
  return list;
}

/** Whether somebody decided otherwise since: what was kept away was released to the user, or deleted from quarantine. */
export function isOverruled({ kept, quarantined }: KeptVerdict, user: string, quarantine: Quarantine): boolean {
  const isReleased = kept.some(({ sha256, malware }) => quarantine.isReleased(sha256, user, malware));
  return isReleased || quarantined.some((id) => quarantine.entry(id) === null);
}

/** On what a verdict rests: one is believed where `digest` is the same, in other sessions before `until` (milliseconds since 1970). */
export type VerdictGround = { digest: string; until: number };

/**
 * Where content rules ask who fetches a message, it is part of the ground; `policyDigest` where the policy is from a file, which has no number of
 * its own. A verdict that hangs on the time of day is believed in its session only, as are all when `verdictHours` is 0: then `until` is now.
 */
export function verdictGround(
  governing: GoverningPolicy,
  facts: Facts,
  { now, policyDigest }: { now: number; policyDigest: string },
): VerdictGround {
  const { policy, revision } = governing;
  const { action, name } = policy;
  const asked = sessionFacts.map((fact) => (action.needs.facts.has(fact) ? (facts[fact] ?? null) : null));
  const parts = [revision, revision === 0 ? policyDigest : "", name, ...asked];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
  const hangsOnTime = action.needs.facts.has("hour") || action.needs.facts.has("weekday");
  const hours = hangsOnTime ? 0 : pop3Definition(governing).settings.verdictHours;
  return { digest, until: Math.min(now + hours * 3_600_000, nextExpiry(action, now)) };
}

const sessionFacts = ["clientAddress", "tls", "authMechanism", "user", "userDomain"] as const;

/** When the next of its rules expires. Asked at every command: nothing is made. */
function nextExpiry({ rulesets }: CompiledProxyAction, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { rules } of rulesets.values()) {
    for (const { expiresAt } of rules) if (expiresAt > now && expiresAt < next) next = expiresAt;
  }
  return next;
}
