import type { Condition, NetworkTest, NumberTest, TextTest } from "#core/contract/condition.ts";
import { type FactName, type Facts, facts } from "#core/contract/facts.ts";
import type { List } from "#core/contract/policy-document.ts";

/** Of one condition. */
const samplesMax = 3;
type Value = string | number;
/** One reading for each fact. */
type Made = ReadonlyMap<FactName, Value>;

export type ListEntries = ReadonlyMap<string, List>;

/**
 * Facts that a condition may hold of, a few of them, each with one reading: made of its own words, so whether it does hold has to be asked.
 * None where it asks by expressions only.
 */
export function conditionSamples(condition: Condition, lists: ListEntries): Facts[] {
  return made(condition, lists).map(factsOf);
}

function made(condition: Condition, lists: ListEntries): Made[] {
  const { all = [], any, none: _, ...tests } = condition;
  const choices: Made[][] = Object.entries(tests).flatMap(([key, test]) => {
    const fact = key as FactName;
    return test === undefined ? [] : [valuesOf(fact, test, lists).map((value) => new Map([[fact, value]]))];
  });
  for (const child of all) choices.push(made(child, lists));
  if (any !== undefined) choices.push(any.flatMap((child) => made(child, lists).slice(0, 2)).slice(0, samplesMax));
  if (choices.some((choice) => choice.length === 0)) return [];
  const count = Math.min(samplesMax, Math.max(1, ...choices.map(({ length }) => length)));
  return Array.from({ length: count }, (_unused, n) => {
    const picked = choices.flatMap((choice) => [...(choice[n % choice.length] ?? [])]);
    // What is asked twice: the first counts, and asking tells whether it does for both.
    return new Map(picked.toReversed());
  });
}

function valuesOf(fact: FactName, test: object, lists: ListEntries): Value[] {
  const { kind } = facts[fact];
  if (kind === "number") return numbersOf(test);
  if (kind === "network") return networksOf(test, lists);
  return textsOf(test, lists);
}

function textsOf(test: TextTest, lists: ListEntries): string[] {
  if (test.is !== undefined) return [test.is];
  if (test.in !== undefined) return test.in.slice(0, samplesMax);
  if (test.like !== undefined) return [likeText(test.like)];
  const list = test.inList === undefined ? undefined : lists.get(test.inList);
  return list === undefined ? [] : list.entries.slice(0, samplesMax).map((entry) => entryText(list.kind, entry));
}

function likeText(wildcard: string): string {
  return wildcard.replace(/[*?]/g, "x");
}

function entryText(kind: List["kind"], entry: string): string {
  if (kind === "patterns") return likeText(entry);
  if (kind === "domains") return entry.replace(/^\*?\./, "x.");
  return kind === "addresses" && entry.startsWith("@") ? `x${entry}` : entry;
}

/** The first address of each network. */
function networksOf(test: NetworkTest, lists: ListEntries): string[] {
  const networks = test.in ?? lists.get(test.inList ?? "")?.entries ?? [];
  return networks.slice(0, samplesMax).map((network) => network.split("/", 1)[0] ?? "");
}

/** Bounds are exclusive. */
function numbersOf({ is, over, under }: NumberTest): number[] {
  if (is !== undefined) return [is];
  if (over !== undefined) return [Math.floor(over) + 1];
  return under === undefined ? [] : [Math.ceil(under) - 1];
}

function factsOf(one: Made): Facts {
  const entries = [...one].map(([fact, value]) => [fact, facts[fact].kind === "text" ? [value] : value]);
  return Object.fromEntries(entries) as Facts;
}
