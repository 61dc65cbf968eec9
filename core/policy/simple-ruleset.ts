import { z } from "zod";
import { type Action, actionSchema, actionShorthand } from "#core/contract/action.ts";
import type { Condition, TextTest } from "#core/contract/condition.ts";
import { type FactName, facts } from "#core/contract/facts.ts";
import { noneMatchedSchema, type Rule, type Ruleset } from "#core/contract/rule.ts";

const factNames = Object.keys(facts).filter((name): name is FactName => name in facts);
const patternsMax = 20_000;

/** A ruleset as a list of patterns on one fact: what happens to a value that is like one of them, and to all others. */
export const simpleRulesetSchema = z.strictObject({
  fact: z.enum(factNames),
  /** Wildcards (* and ?); networks where the fact is one. In order, none twice. */
  patterns: z.array(z.string().trim().min(1).max(1024)).max(patternsMax),
  matched: actionSchema,
  /** Whether matches are logged. */
  log: z.boolean(),
  noneMatched: noneMatchedSchema,
});
export type SimpleRuleset = z.infer<typeof simpleRulesetSchema>;

export type SimpleResult = { ok: true; simple: SimpleRuleset } | { ok: false; why: string };

/** A ruleset without rules has these. */
export type SimpleDefaults = Pick<SimpleRuleset, "fact" | "matched">;

/** The ruleset as patterns, or why it cannot be shown so: every rule must ask about one fact in the same way and do the same. */
export function toSimple({ rules, noneMatched }: Ruleset, byDefault: SimpleDefaults): SimpleResult {
  const [first, ...others] = rules;
  if (first === undefined) return { ok: true, simple: { ...byDefault, patterns: [], log: true, noneMatched } };
  const fact = onlyFact(first.when);
  if (fact === null) return no(first, "asks about more than one fact, or about nothing");
  const patterns: string[] = [];
  const seen = new Set<string>();
  for (const rule of rules) {
    const own = patternsOf(rule, fact);
    if (typeof own === "string") return no(rule, own);
    for (const pattern of own) {
      if (seen.has(pattern.toLowerCase())) return no(rule, `repeats the pattern ${pattern}`);
      seen.add(pattern.toLowerCase());
      patterns.push(pattern);
    }
  }
  const different = others.find((rule) => !sameAction(rule.action, first.action));
  if (different !== undefined) return no(different, "does something else than the first one");
  const otherLog = others.find((rule) => rule.log !== first.log);
  if (otherLog !== undefined) return no(otherLog, "is logged otherwise than the first one");
  return { ok: true, simple: { fact, patterns, matched: first.action, log: first.log, noneMatched } };
}

/**
 * The rules of a list of patterns. A rule of `before` whose patterns stand together in the list stays, with id and name; what is new gets a rule
 * of its own, named after its pattern. Rules that keep their meaning come back as they were.
 */
export function fromSimple(simple: SimpleRuleset, before: readonly Rule[] = []): Ruleset {
  const owners = new Map(before.flatMap((rule) => knownPatterns(rule).map((pattern) => [pattern, rule] as const)));
  const kept = new Set<Rule>();
  const rules: Rule[] = [];
  const names = new Set(before.map(({ name }) => name));
  for (let at = 0; at < simple.patterns.length; ) {
    const pattern = simple.patterns[at] ?? "";
    const owner = owners.get(pattern);
    if (owner === undefined || kept.has(owner)) {
      rules.push(newRule(simple, pattern, names));
      at += 1;
      continue;
    }
    const run = runOf(simple.patterns, at, (other) => owners.get(other) === owner);
    kept.add(owner);
    rules.push(keptRule(simple, owner, run));
    at += run.length;
  }
  return { rules, noneMatched: simple.noneMatched };
}

function no({ name }: Rule, why: string): SimpleResult {
  return { ok: false, why: `Rule “${name}” ${why}.` };
}

function onlyFact(when: Condition | undefined): FactName | null {
  const [only, ...others] = Object.entries(when ?? {}).filter(([, value]) => value !== undefined);
  const name = Object.keys(facts).find((known): known is FactName => known === only?.[0] && known in facts);
  return others.length === 0 ? (name ?? null) : null;
}

/** The patterns of a rule, or what keeps it from being a list of them. */
function patternsOf(rule: Rule, fact: FactName): string[] | string {
  if (rule.state !== "on") return rule.state === "off" ? "is off" : "only observes";
  if (rule.alarm) return "raises an alarm";
  if (rule.expires !== undefined) return "has an end date";
  if (rule.section !== undefined) return "stands in a section";
  if (onlyFact(rule.when) !== fact) return `asks about something else than ${facts[fact].words}`;
  if (facts[fact].kind === "number") return "asks about a number";
  const patterns = knownPatterns(rule);
  if (patterns.length === 0) return "asks in a way that has no list of patterns";
  return patterns.every(isLine) ? patterns : "has a value that cannot stand on a line";
}

/** The values of like, is and in as wildcards; none where the rule asks otherwise. */
function knownPatterns(rule: Rule): string[] {
  const fact = onlyFact(rule.when);
  if (fact === null || facts[fact].kind === "number") return [];
  const test: TextTest = Object(rule.when?.[fact]);
  if (test.like !== undefined) return [test.like];
  const values = test.in ?? (test.is === undefined ? [] : [test.is]);
  return facts[fact].kind === "text" && values.some(hasWildcard) ? [] : values;
}

/** What an exact test has as `is` would mean more as a wildcard. */
function hasWildcard(value: string): boolean {
  return /[*?]/.test(value);
}

function isLine(value: string): boolean {
  return value !== "" && value === value.trim() && !/[\r\n]/.test(value);
}

function runOf(patterns: readonly string[], from: number, belongs: (pattern: string) => boolean): string[] {
  const run: string[] = [];
  for (const pattern of patterns.slice(from)) {
    if (!belongs(pattern)) break;
    run.push(pattern);
  }
  return run;
}

function keptRule(simple: SimpleRuleset, rule: Rule, run: readonly string[]): Rule {
  const own = knownPatterns(rule);
  const same =
    onlyFact(rule.when) === simple.fact && own.length === run.length && own.every((one, n) => one === run[n]);
  return {
    ...rule,
    ...(same ? {} : { when: conditionOf(simple.fact, run) }),
    ...(sameAction(rule.action, simple.matched) ? {} : { action: simple.matched }),
    log: simple.log,
  };
}

function newRule({ fact, matched, log }: SimpleRuleset, pattern: string, names: Set<string>): Rule {
  const name = freeName(pattern, names);
  names.add(name);
  return { name, state: "on", when: conditionOf(fact, [pattern]), action: matched, log, alarm: false };
}

function conditionOf(fact: FactName, patterns: readonly string[]): Condition {
  const [only = "", ...others] = patterns;
  if (others.length > 0 || facts[fact].kind === "network") return { [fact]: { in: [...patterns] } };
  return { [fact]: hasWildcard(only) ? { like: only } : { is: only } };
}

const nameMax = 100;

/** A pattern as a rule's name: what a name cannot hold is left out. */
function freeName(pattern: string, names: ReadonlySet<string>): string {
  const plain =
    pattern
      .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
      .slice(0, nameMax)
      .trim() || "pattern";
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? "" : ` ${n}`;
    const name = `${plain.slice(0, nameMax - suffix.length).trimEnd()}${suffix}`;
    if (!names.has(name)) return name;
  }
}

function sameAction(one: Action, other: Action): boolean {
  return JSON.stringify(actionShorthand(one)) === JSON.stringify(actionShorthand(other));
}
