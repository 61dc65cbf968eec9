import type { FactName, Facts, Stage } from "#core/contract/facts.ts";
import type { JudgedFacts, JudgedStep } from "#core/contract/judged-facts.ts";
import { traitNames } from "#core/contract/traits.ts";
import { unionFacts } from "./content-needs.ts";
import type { PolicyPair } from "./policy-pair.ts";

type Missing = Map<FactName, readonly string[] | null>;

/** What rules are told of the content of a message that is judged again. */
export class ReplayedContent {
  readonly #pair: PolicyPair;
  readonly #looked: NonNullable<JudgedFacts["looked"]>;
  readonly #unions = new Map<FactName, Set<string>>();
  readonly #unsure = new Set<FactName>();

  constructor(pair: PolicyPair, looked: JudgedFacts["looked"]) {
    this.#pair = pair;
    this.#looked = looked ?? { header: false, attachment: false };
  }

  /** As much of the structure is read as it was: the header always is. */
  get looksAlike(): boolean {
    return readsParts(this.#pair) === this.#looked.attachment;
  }

  /** Something is read now that was not. */
  get looksFurther(): boolean {
    return readsParts(this.#pair) && !this.#looked.attachment;
  }

  /** The facts of a step, without those that nobody can know; they are added to `missing`. */
  told(stage: Stage, { facts: own, cut = [] }: JudgedStep, known: Facts, missing: Missing): Facts {
    if (stage !== "attachment" && stage !== "message") return known;
    const { gap, unions } = this.#pair;
    let facts = known;
    if (stage === "message") {
      facts = { ...facts, ...this.#gathered(missing) };
      if (!this.#looked.header) missing.set("trait", ["dkim-signed"]);
      if (!this.#looked.attachment) withoutParts(missing);
    } else {
      for (const name of unions) this.#gather(name, own[name] ?? [], cut.includes(name));
    }
    for (const [name, may] of gap) facts = without(facts, name, may, missing);
    return facts;
  }

  #gather(name: FactName, readings: readonly string[], isCut: boolean): void {
    const union = this.#unions.get(name) ?? new Set();
    for (const reading of readings) union.add(reading);
    this.#unions.set(name, union);
    if (isCut) this.#unsure.add(name);
  }

  /** What the message ruleset was not told of the parts, since no rule asked. */
  #gathered(missing: Missing): Facts {
    for (const name of this.#unsure) missing.set(name, null);
    return Object.fromEntries([...this.#unions].map(([name, union]) => [name, [...union]]));
  }
}

function without(facts: Facts, name: FactName, may: readonly string[] | null, missing: Missing): Facts {
  if (may?.length === 0) return facts;
  const before = missing.get(name);
  const readings = facts[name];
  if (may === null || typeof readings === "number" || typeof readings === "string") {
    missing.set(name, null);
    const { [name]: _, ...others } = facts;
    return others;
  }
  missing.set(name, before === null ? null : [...(before ?? []), ...may]);
  return readings === undefined ? facts : { ...facts, [name]: readings.filter((reading) => !may.includes(reading)) };
}

/** Nobody looked at the parts. */
function withoutParts(missing: Missing): void {
  for (const name of [...unionFacts, "attachmentCount"] as const) missing.set(name, null);
  missing.set("trait", traitNames);
}

/** Whether bodies are read for the policy of now, as the worker does. */
function readsParts({ now: { needs } }: PolicyPair): boolean {
  return needs.attachment || needs.hold.what === "all";
}
