import type { FactName, Facts, Stage } from "#core/contract/facts.ts";
import {
  type JudgedFacts,
  type JudgedStep,
  judgedReadingMax,
  judgedReadingsMax,
  judgedStepsMax,
  judgedTextMax,
} from "#core/contract/judged-facts.ts";

/** What a body says goes into no event. */
const unkept: ReadonlySet<FactName> = new Set(["text", "url"]);
/** Characters that a value takes beside what it says. */
const overheadCharacters = 10;
const stepCharacters = 40;
const unreadMax = 200;
/** Characters of a reading that nobody asked for. */
const passedReadingMax = 100;
/** Of the room of a message what may go to lines that nobody asked for. */
const passedShare = 0.5;

/** Keeps what one message is judged by, step by step, for its event. What is over a cap is left out and named. */
export class FactLog {
  /** Somebody reads its text; otherwise it keeps nothing. */
  readonly isTold: boolean;
  #known: Facts = {};
  #steps: JudgedStep[] = [];
  #omitted = 0;
  #room = judgedTextMax;
  #looked: JudgedFacts["looked"] = null;
  #isComplete = false;
  #hasUnasked = false;

  constructor(isTold = true) {
    this.isTold = isTold;
  }

  /** Everything was known, and the message ruleset asked if there is one. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** One that goes on from here by itself: for one of several copies of the message. */
  fork(): FactLog {
    const fork = new FactLog(this.isTold);
    fork.#known = this.#known;
    fork.#steps = [...this.#steps];
    fork.#omitted = this.#omitted;
    fork.#room = this.#room;
    fork.#hasUnasked = this.#hasUnasked;
    return fork;
  }

  /** What is known from here on. */
  know(facts: Facts): void {
    if (!this.isTold) return;
    const step: JudgedStep = { stage: null, ...this.#kept(facts) };
    this.#known = { ...this.#known, ...facts };
    if (Object.keys(step.facts).length > 0) this.#add(step);
  }

  /** Rules are asked at `stage`, with these facts beside those that are known. */
  ask(stage: Stage, facts: Facts): void {
    if (stage === "message") this.#isComplete = true;
    if (this.isTold) this.#add({ stage, ...this.#kept(facts) });
  }

  /** A header line that no rule was asked about, for rules to come: its name, and what it says where that is short. */
  passLine(name: string, values: readonly string[]): void {
    if (!this.isTold || this.#looked?.header !== true) return;
    const isKept = values.every(({ length }) => length <= passedReadingMax);
    const step: JudgedStep = isKept
      ? { stage: "header", facts: { headerName: [name], headerValue: values } }
      : { stage: "header", facts: { headerName: [name] }, cut: ["headerValue"] };
    this.#room -= name.length + 2 * overheadCharacters;
    if (isKept) for (const { length } of values) this.#room -= length;
    const isFull = this.#room < judgedTextMax * (1 - passedShare) || this.#steps.length > judgedStepsMax * passedShare;
    // What rules ask about comes first.
    if (isFull || name.length > judgedReadingMax) this.#looked = { ...this.#looked, header: false };
    else this.#add(step);
  }

  /** What became of the recipient that was asked about last. */
  recipient(became: "taken" | "refused"): void {
    const last = this.#steps.at(-1);
    if (last?.stage === "recipient") this.#steps[this.#steps.length - 1] = { ...last, recipient: became };
  }

  /** A recipient is refused before rules are asked about them. */
  unaskedRecipient(): void {
    this.#hasUnasked = true;
  }

  /** The part that rules were asked about last cannot be taken out of the message by itself. */
  fixedPart(): void {
    const last = this.#steps.at(-1);
    if (last?.stage === "attachment") this.#steps[this.#steps.length - 1] = { ...last, fixed: true };
  }

  /** Its content comes now, and this of it is looked for. */
  look(looked: NonNullable<JudgedFacts["looked"]>): void {
    this.#looked = looked;
  }

  unread(reason: string): void {
    this.#add({ stage: null, facts: {}, unread: reason.slice(0, unreadMax) });
  }

  /** JudgedFacts as JSON; undefined where nobody reads it. `limited`: something else than a rule refused the message. */
  text(listener: JudgedFacts["listener"], limited: boolean): string | undefined {
    if (!this.isTold) return undefined;
    const facts: JudgedFacts = {
      listener,
      steps: this.#steps,
      omitted: this.#omitted,
      looked: this.#looked,
      ...(this.#hasUnasked && { unasked: true }),
      ...(limited && { limited }),
    };
    const text = JSON.stringify(facts);
    if (text.length <= judgedTextMax) return text;
    // Control characters take six characters each.
    return JSON.stringify({ ...facts, steps: [], omitted: this.#omitted + this.#steps.length });
  }

  #add(step: JudgedStep): void {
    this.#room -= stepCharacters;
    // After a gap nothing can be judged again.
    if (this.#omitted > 0 || this.#room < 0 || this.#steps.length === judgedStepsMax) this.#omitted++;
    else this.#steps.push(step);
  }

  /** Without what is known already, and without facts that have no readings. */
  #kept(given: Facts): Pick<JudgedStep, "facts" | "cut"> {
    const known: Readonly<Record<string, unknown>> = this.#known;
    const facts: Facts & Record<string, unknown> = {};
    const cut: FactName[] = [];
    for (const name in given) {
      const value = given[name as FactName];
      if (value === undefined || isSame(value, known[name])) continue;
      this.#room -= name.length + overheadCharacters;
      if (typeof value !== "object") {
        facts[name] = value;
        continue;
      }
      const kept = keptReadings(name as FactName, value);
      for (const reading of kept) this.#room -= reading.length;
      if (kept.length > 0 || name in known) facts[name] = kept;
      if (kept.length < value.length) cut.push(name as FactName);
    }
    return cut.length > 0 ? { facts, cut } : { facts };
  }
}

function isSame(value: unknown, before: unknown): boolean {
  if (value === before) return true;
  if (!Array.isArray(value) || !Array.isArray(before)) return false;
  return value.length === 1 && before.length === 1 && value[0] === before[0];
}

function keptReadings(name: FactName, readings: readonly string[]): readonly string[] {
  if (unkept.has(name)) return [];
  if (readings.length <= judgedReadingsMax && readings.every(isShort)) return readings;
  return readings.filter(isShort).slice(0, judgedReadingsMax);
}

function isShort({ length }: string): boolean {
  return length <= judgedReadingMax;
}
