import type { Action } from "#core/contract/action.ts";
import type { Condition, NetworkTest, NumberTest, TextTest } from "#core/contract/condition.ts";
import type { Evidence } from "#core/contract/decision.ts";
import { type FactName, type Facts, facts as factTable } from "#core/contract/facts.ts";
import type { List } from "#core/contract/policy-document.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { compileTextList } from "#core/match/list-matcher.ts";
import { NetworkSet } from "#core/match/network-set.ts";
import { compilePattern } from "#core/match/pattern.ts";
import { compileWildcard, type TextMatcher } from "#core/match/wildcard.ts";
import { testWords } from "./explain.ts";

/** What is not known of facts: the readings that one may have beside those that are given, or null for any. */
export type Unknown = ReadonlyMap<FactName, readonly string[] | null>;

/** A condition ready to ask. */
export type CompiledCondition = {
  holds(facts: Facts): boolean;
  /** Whether it holds when not everything is known; null: it cannot be said. */
  tells(facts: Facts, unknown: Unknown): boolean | null;
  /** What made it hold, or what made it fail. */
  evidence(facts: Facts): Evidence[];
};

/** The lists of a document, and the expressions of its rules, each compiled once. */
export class CompiledLists {
  readonly #patterns = new Map<string, TextMatcher>();
  readonly #text = new Map<string, TextMatcher>();
  readonly #networks = new Map<string, NetworkSet>();

  constructor(lists: readonly List[]) {
    for (const { name, kind, entries } of lists) {
      if (kind === "networks") this.#networks.set(name, new NetworkSet(entries));
      else this.#text.set(name, compileTextList(kind, entries));
    }
  }

  text(name: string): TextMatcher {
    return known(this.#text.get(name), name);
  }

  networks(name: string): NetworkSet {
    return known(this.#networks.get(name), name);
  }

  /** Throws RangeError where the expression cannot be read. */
  pattern(expression: string): TextMatcher {
    const compiled = this.#patterns.get(expression) ?? compiledPattern(expression);
    this.#patterns.set(expression, compiled);
    return compiled;
  }
}

function compiledPattern(expression: string): TextMatcher {
  const pattern = compilePattern(expression);
  if (!pattern.ok) throw new RangeError(pattern.reason);
  return pattern.matches;
}

const evidenceTextMax = 200;
const evidenceShownMax = 5;

/** How many readings of a text fact must pass its test. */
export type Quantifier = "some" | "every";

export function quantifierOf({ kind }: Pick<Action, "kind">): Quantifier {
  return kind === "allow" ? "every" : "some";
}

/**
 * Compiles a condition that `checkDocument` found nothing against; throws on one that it would have refused. Where a fact has
 * several readings, a rule that refuses asks whether `some` passes and a rule that allows whether `every` one does; inside
 * a `none` group it is the other way round. So a second name or recipient never opens what the first one closes.
 */
export function compileCondition(
  condition: Condition,
  lists: CompiledLists,
  quantifier: Quantifier,
): CompiledCondition {
  const parts: CompiledCondition[] = [];
  for (const [key, value] of Object.entries(condition)) {
    if (value === undefined) continue;
    if (key === "all" || key === "any" || key === "none") {
      const inside = key === "none" ? opposite[quantifier] : quantifier;
      const children = (value as Condition[]).map((child) => compileCondition(child, lists, inside));
      parts.push(groups[key](children));
    } else parts.push(compileTest(key as FactName, value, lists, quantifier));
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : groups.all(parts);
}

const opposite = { some: "every", every: "some" } as const;

const groups = {
  all: (children: CompiledCondition[]): CompiledCondition => ({
    holds: (facts) => firstThat(children, facts, false) === undefined,
    tells: (facts, unknown) => inverted(anyTells(children, false, facts, unknown)),
    evidence: (facts) => firstThat(children, facts, false)?.evidence(facts) ?? gather(children, facts),
  }),
  any: (children: CompiledCondition[]): CompiledCondition => ({
    holds: (facts) => firstThat(children, facts, true) !== undefined,
    tells: (facts, unknown) => anyTells(children, true, facts, unknown),
    evidence: (facts) => firstThat(children, facts, true)?.evidence(facts) ?? gather(children, facts),
  }),
  none: (children: CompiledCondition[]): CompiledCondition => ({
    holds: (facts) => firstThat(children, facts, true) === undefined,
    tells: (facts, unknown) => inverted(anyTells(children, true, facts, unknown)),
    evidence: (facts) => firstThat(children, facts, true)?.evidence(facts) ?? gather(children, facts),
  }),
};

/** The first child that holds, or that does not. Every rule asks here for every message: no closure is made. */
function firstThat(children: CompiledCondition[], facts: Facts, holds: boolean): CompiledCondition | undefined {
  for (const child of children) if (child.holds(facts) === holds) return child;
  return undefined;
}

/** Whether one of them tells `wanted`; null: it cannot be said. */
function anyTells(children: CompiledCondition[], wanted: boolean, facts: Facts, unknown: Unknown): boolean | null {
  let said: boolean | null = false;
  for (const child of children) {
    const told = child.tells(facts, unknown);
    if (told === wanted) return true;
    if (told === null) said = null;
  }
  return said;
}

function inverted(said: boolean | null): boolean | null {
  return said === null ? null : !said;
}

function gather(children: CompiledCondition[], facts: Facts): Evidence[] {
  return children.flatMap((child) => child.evidence(facts)).slice(0, evidenceShownMax);
}

function compileTest(fact: FactName, test: unknown, lists: CompiledLists, quantifier: Quantifier): CompiledCondition {
  const words = testWords(test);
  const { kind } = factTable[fact];
  switch (kind) {
    case "text": {
      const matches = compileTextTest(test as TextTest, lists);
      const wanted = quantifier === "some";
      const folds = foldsOf(fact);
      /** The reading that settles the test, or undefined when none stands out. */
      const settling = (facts: Facts) => {
        const given = readings(facts, fact);
        const folded = foldedReadings(folds, given);
        for (let n = 0; n < folded.length; n++) if (matches(folded[n] ?? "") === wanted) return given[n];
        return undefined;
      };
      const holds = (facts: Facts) => {
        const settled = settling(facts) !== undefined;
        return wanted ? settled : !settled && readings(facts, fact).length > 0;
      };
      const tells = (facts: Facts, unknown: Unknown) => {
        const more = unknown.get(fact);
        if (more === undefined) return holds(facts);
        if (settling(facts) !== undefined) return wanted;
        if (more === null || more.some((value) => matches(foldAscii(value)) === wanted)) return null;
        if (wanted) return false;
        return readings(facts, fact).length > 0 ? true : null;
      };
      return {
        holds,
        tells,
        evidence: (facts) => [evidence(fact, words, settling(facts) ?? joined(readings(facts, fact)))],
      };
    }
    case "number": {
      const matches = compileNumberTest(test as NumberTest);
      return {
        holds: (facts) => matches(facts[fact as "messageBytes"]),
        tells: (facts, unknown) => (unknown.has(fact) ? null : matches(facts[fact as "messageBytes"])),
        evidence: (facts) => [evidence(fact, words, String(facts[fact as "messageBytes"] ?? ""))],
      };
    }
    case "network": {
      const set = compileNetworkTest(test as NetworkTest, lists);
      return {
        holds: (facts) => set.has(facts.clientAddress ?? ""),
        tells: (facts, unknown) => (unknown.has(fact) ? null : set.has(facts.clientAddress ?? "")),
        evidence: (facts) => [evidence(fact, words, facts.clientAddress ?? "")],
      };
    }
  }
}

const none: readonly string[] = [];

function readings(facts: Facts, fact: FactName): readonly string[] {
  return facts[fact as "sender"] ?? none;
}

function joined(given: readonly string[]): string {
  return given.length === 1 ? (given[0] ?? "") : given.join(", ");
}

/** The readings of a fact in the form that tests compare. */
type Folds = { of: readonly string[]; made: readonly string[] };

/** Made once for all the rules that ask for the same readings, one rule after the other: the last ones of each fact. */
const lastFolds = new Map<FactName, Folds>();

function foldsOf(fact: FactName): Folds {
  const folds = lastFolds.get(fact) ?? { of: none, made: none };
  lastFolds.set(fact, folds);
  return folds;
}

function foldedReadings(folds: Folds, given: readonly string[]): readonly string[] {
  // Readings may have been added since.
  if (folds.of !== given || folds.made.length !== given.length) {
    folds.of = given;
    folds.made = given.map(foldAscii);
  }
  return folds.made;
}

/** Asks a folded value. */
export function compileTextTest(test: TextTest, lists: CompiledLists): TextMatcher {
  if (test.is !== undefined) {
    const wanted = foldAscii(test.is);
    return (text) => text === wanted;
  }
  if (test.in !== undefined) {
    const wanted = new Set(test.in.map(foldAscii));
    return (text) => wanted.has(text);
  }
  if (test.like !== undefined) return compileWildcard(test.like);
  if (test.inList !== undefined) return lists.text(test.inList);
  return lists.pattern(known(test.pattern, "pattern"));
}

function compileNumberTest(test: NumberTest): (value: number | undefined) => boolean {
  const { is, over = Number.NEGATIVE_INFINITY, under = Number.POSITIVE_INFINITY } = test;
  return (value) => value !== undefined && (is === undefined || value === is) && value > over && value < under;
}

function compileNetworkTest(test: NetworkTest, lists: CompiledLists): NetworkSet {
  return test.inList === undefined ? new NetworkSet(test.in ?? []) : lists.networks(test.inList);
}

function evidence(fact: string, test: string, observed: string): Evidence {
  return {
    fact,
    test,
    observed: observed.length > evidenceTextMax ? `${observed.slice(0, evidenceTextMax)}…` : observed,
  };
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`unknown: ${name}`);
  return value;
}
