import type { FactName, FactNameOf, Facts } from "#core/contract/facts.ts";
import { weekDays } from "#core/contract/schedule.ts";
import type { Trait } from "#core/contract/traits.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import { unionFacts } from "#core/policy/content-needs.ts";
import type { InspectedPart } from "./inspected-part.ts";
import type { ScanScore } from "./scan-panel.ts";

/** Readings of one fact over all parts of a message; one with more counts as not inspectable. */
export const partReadingsMax = 20_000;
/** Characters of all readings of all parts together; with more it is not inspectable either. */
export const readingCharactersMax = 33_554_432;
/** Characters of text that the message ruleset reads in one go, so that no message holds up the others; a part whose text is over it is `too-large`. */
export const gatheredTextMax = 4_194_304;

const gathered = [...unionFacts, "dictionary", "virus"] as const satisfies readonly FactNameOf<"text">[];
type Gathered = (typeof gathered)[number];

/** What the message ruleset is told: what holds of its parts, and of the message as a whole. */
export class MessageFacts {
  readonly traits = new Set<Trait>();
  readonly #readings = new Map<Gathered, Set<string>>();
  #more: Facts = {};
  readonly #asked: readonly Gathered[];
  #characters = 0;
  #textCharacters = 0;

  /** `asked`: what rules ask about; nothing else is gathered. */
  constructor(asked: ReadonlySet<FactName>) {
    this.#asked = gathered.filter((name) => asked.has(name) || name === "virus");
  }

  /** False: there are more readings than are compared. */
  addPart({ facts }: InspectedPart): boolean {
    for (const trait of facts.trait ?? []) this.traits.add(trait as Trait);
    return this.#asked.every((name) => this.#add(name, name === "text" ? this.#readable(facts.text) : facts[name]));
  }

  #readable(texts: readonly string[] = []): readonly string[] {
    const characters = texts.reduce((sum, text) => sum + text.length, this.#textCharacters);
    if (characters > gatheredTextMax) {
      this.traits.add("too-large");
      return [];
    }
    this.#textCharacters = characters;
    return texts;
  }

  /** Of the message as a whole; beside what the parts have. */
  add(facts: Facts): void {
    const { virus, dictionary, ...others } = facts;
    this.#add("virus", virus);
    this.#add("dictionary", dictionary);
    this.#more = { ...this.#more, ...others };
  }

  addScores(scores: readonly ScanScore[]): void {
    if (scores.length === 0) return;
    this.add({
      spamScore: Math.max(...scores.map(({ score }) => score)),
      spamAction: scores.flatMap(({ action }) => (action === null ? [] : [action])),
      spamSymbol: scores.flatMap(({ symbols }) => symbols),
    });
  }

  /** `bytes`: of the message, dots undone. `now`: the moment of the verdict. */
  read(summary: MessageSummary, bytes: number, now: number): Facts {
    const at = new Date(now);
    // getUTCDay counts from Sunday.
    const weekday = weekDays[(at.getUTCDay() + 6) % 7] ?? "mon";
    if (summary.fromAddresses.length > 1) this.traits.add("several-from");
    const unions = Object.fromEntries(this.#asked.map((name) => [name, [...(this.#readings.get(name) ?? [])]]));
    return {
      ...unions,
      ...this.#more,
      trait: [...this.traits],
      attachmentCount: summary.attachmentCount,
      messageBytes: bytes,
      hour: at.getUTCHours(),
      weekday: [weekday],
    };
  }

  /** The highest of all scanners that score; null: none does. */
  get spamScore(): number | null {
    return this.#more.spamScore ?? null;
  }

  get viruses(): string[] {
    return [...(this.#readings.get("virus") ?? [])];
  }

  #add(name: Gathered, values: readonly string[] | undefined): boolean {
    if (values === undefined || values.length === 0) return true;
    const readings = this.#readings.get(name) ?? new Set<string>();
    this.#readings.set(name, readings);
    for (const value of values) {
      if (readings.has(value)) continue;
      readings.add(value);
      this.#characters += value.length;
    }
    return readings.size <= partReadingsMax && this.#characters <= readingCharactersMax;
  }
}
