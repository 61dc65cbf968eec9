import { z } from "zod";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import type { Replayed } from "#core/policy/replay.ts";

export const samplesMax = 10;
/** Messages that are listed one by one as changed. */
export const changesListedMax = 10_000;
const changesMax = 500;
const reasonsMax = 500;

const ruleSchema = z.strictObject({ id: z.string(), name: z.string() }).nullable();
const countedShape = { messages: z.number().int(), samples: z.array(z.string()).max(samplesMax) };

/** What a replay came to so far. */
export const replayResultSchema = z.strictObject({
  same: z.number().int(),
  /** Messages with another verdict, by both verdicts and by the rules that decided; null: no rule did. */
  changed: z
    .array(
      z.strictObject({
        from: verdictSchema,
        to: verdictSchema,
        before: z.string().nullable(),
        rule: ruleSchema,
        ...countedShape,
      }),
    )
    .max(changesMax),
  /** Changed, and of none of these kinds: they are too many. */
  otherwiseChanged: z.number().int(),
  /** Those of which nothing can be said, by the first rule of which it cannot and the reason; null: no rule is the reason, or it came before they were told apart. */
  notReplayed: z
    .array(z.strictObject({ why: z.string(), rule: ruleSchema.default(null), ...countedShape }))
    .max(reasonsMax + 1),
});
export type ReplayResult = z.infer<typeof replayResultSchema>;
export type VerdictChange = ReplayResult["changed"][number];
export type Unsaid = ReplayResult["notReplayed"][number];

export const nothingReplayed: ReplayResult = { same: 0, changed: [], otherwiseChanged: 0, notReplayed: [] };

/** How a message was decided. `rule`: its name; null: no rule decided. */
export type Judged = { id: string; verdict: Verdict; rule: string | null };

/** A message that gets another verdict. `kind`: which of the changes in the result. */
export type ListedChange = { eventId: string; kind: number };

/** Counts one message into the result of a replay. */
export class ReplayTally {
  /** Those that were changed, of this part. */
  readonly listed: ListedChange[] = [];
  readonly #changed: VerdictChange[];
  readonly #kinds: Map<string, number>;
  readonly #notReplayed: Map<string, Unsaid>;
  #same: number;
  #otherwiseChanged: number;

  constructor({ same, changed, otherwiseChanged, notReplayed }: ReplayResult) {
    this.#same = same;
    this.#otherwiseChanged = otherwiseChanged;
    this.#changed = changed.map((one) => ({ ...one, samples: [...one.samples] }));
    this.#kinds = new Map(changed.map((one, kind) => [keyOf(one), kind]));
    this.#notReplayed = new Map(notReplayed.map((one) => [unsaidKey(one), { ...one, samples: [...one.samples] }]));
  }

  get result(): ReplayResult {
    return {
      same: this.#same,
      changed: this.#changed,
      otherwiseChanged: this.#otherwiseChanged,
      notReplayed: [...this.#notReplayed.values()],
    };
  }

  add({ id, verdict, rule }: Judged, replayed: Replayed): void {
    if (replayed.kind === "not-replayable") return this.#addUnsaid(id, replayed);
    if (replayed.verdict === verdict) this.#same++;
    else this.#addChange(id, { from: verdict, to: replayed.verdict, before: rule, rule: replayed.rule });
  }

  #addUnsaid(id: string, { why, rule }: Pick<Unsaid, "why" | "rule">): void {
    const isKnown = this.#notReplayed.has(unsaidKey({ why, rule })) || this.#notReplayed.size < reasonsMax;
    const reason = isKnown ? { why, rule } : { why: "other reasons", rule: null };
    const group = this.#notReplayed.get(unsaidKey(reason)) ?? { ...reason, messages: 0, samples: [] };
    this.#notReplayed.set(unsaidKey(reason), group);
    count(group, id);
  }

  #addChange(id: string, change: Omit<VerdictChange, "messages" | "samples">): void {
    const key = keyOf(change);
    const kind = this.#kinds.get(key) ?? this.#changed.length;
    if (kind === changesMax) {
      this.#otherwiseChanged++;
      return;
    }
    const group = this.#changed[kind] ?? { ...change, messages: 0, samples: [] };
    this.#kinds.set(key, kind);
    this.#changed[kind] = group;
    count(group, id);
    this.listed.push({ eventId: id, kind });
  }
}

function count(group: { messages: number; samples: string[] }, id: string): void {
  group.messages++;
  if (group.samples.length < samplesMax) group.samples.push(id);
}

function keyOf({ from, to, before, rule }: Omit<VerdictChange, "messages" | "samples">): string {
  return JSON.stringify([from, to, before, rule?.id ?? null]);
}

function unsaidKey({ why, rule }: Pick<Unsaid, "why" | "rule">): string {
  return JSON.stringify([rule?.id ?? null, why]);
}
