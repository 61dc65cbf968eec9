import { type Document, isMap, isScalar, isSeq, type Pair, type YAMLMap } from "yaml";
import { type FactKind, type FactName, facts } from "#core/contract/facts.ts";

export type ConditionJoin = "all" | "any" | "none";
export type ConditionPath = readonly (string | number)[];

/** A fact's test. `value` is what stands in its control: entries of `in` are lines, what is not filled in is empty. */
export type ConditionTest = { kind: "test"; path: ConditionPath; fact: FactName; test: string; value: string };
/** `path` leads to the list of a group that is written, else to the condition whose parts are to hold together. */
export type ConditionGroup = {
  kind: "group";
  path: ConditionPath;
  join: ConditionJoin;
  written: boolean;
  items: (ConditionTest | ConditionGroup)[];
};

/** The tests that a kind of fact has, with their words. */
export const testsByKind: Record<FactKind, readonly { test: string; words: string }[]> = {
  text: [
    { test: "is", words: "is" },
    { test: "in", words: "is one of" },
    { test: "like", words: "is like (* and ?)" },
    { test: "pattern", words: "matches pattern (RE2)" },
    { test: "inList", words: "is in list" },
  ],
  number: [
    { test: "over", words: "is over" },
    { test: "under", words: "is under" },
    { test: "is", words: "is" },
  ],
  network: [
    { test: "in", words: "is in networks" },
    { test: "inList", words: "is in list" },
  ],
};

/** The condition as groups and tests, finished or not; null where the text says what groups and tests cannot. */
export function conditionTree(yaml: Document): ConditionGroup | null {
  const { contents } = yaml;
  if (contents === null || (isScalar(contents) && contents.value === null)) return implied([], []);
  if (!isMap(contents)) return null;
  const item = itemOf(contents, []);
  return item === null || item.kind === "group" ? item : implied([], [item]);
}

function implied(path: ConditionPath, items: ConditionGroup["items"]): ConditionGroup {
  return { kind: "group", path, join: "all", written: false, items };
}

/** A condition with one part is that part; one with several is a group that nobody wrote. */
function itemOf(condition: unknown, path: ConditionPath): ConditionTest | ConditionGroup | null {
  if (!isMap(condition)) return null;
  const items: ConditionGroup["items"] = [];
  for (const pair of condition.items) {
    const parts = partsOf(pair, path);
    if (parts === null) return null;
    items.push(...parts);
  }
  const [only] = items;
  return only !== undefined && items.length === 1 ? only : implied(path, items);
}

function partsOf(pair: Pair, within: ConditionPath): ConditionGroup["items"] | null {
  const name = keyOf(pair);
  const path = [...within, name];
  const join = joinNamed(name);
  const { value } = pair;
  if (join !== null) {
    if (!isSeq(value)) return null;
    const items = value.items.map((item, i) => itemOf(item, [...path, i]));
    return items.includes(null)
      ? null
      : [{ kind: "group", path, join, written: true, items: items.filter((item) => item !== null) }];
  }
  const fact = factNamed(name);
  return fact === null || !isMap(value) ? null : testsOf(value, fact, path);
}

function testsOf(value: YAMLMap, fact: FactName, path: ConditionPath): ConditionTest[] | null {
  const known = testsByKind[facts[fact].kind];
  const tests: ConditionTest[] = [];
  for (const pair of value.items) {
    const test = keyOf(pair);
    const shown = shownValue(pair.value, test === "in");
    if (shown === null || !known.some((one) => one.test === test)) return null;
    tests.push({ kind: "test", path: [...path, test], fact, test, value: shown });
  }
  return tests.length === 0 ? null : tests;
}

function shownValue(node: unknown, isList: boolean): string | null {
  if (node === null) return "";
  if (isScalar(node)) return node.value === null ? "" : scalarText(node.value);
  if (!isList || !isSeq(node)) return null;
  const entries = node.items.map((entry) => (isScalar(entry) ? scalarText(entry.value) : null));
  return entries.some((entry) => entry === null || /[\r\n]/.test(entry)) ? null : entries.join("\n");
}

function scalarText(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : "";
}

/** The tests of a group and of the groups in it. */
export function testsAmong(group: ConditionGroup): ConditionTest[] {
  return group.items.flatMap((item) => (item.kind === "test" ? [item] : testsAmong(item)));
}

/** The way of joining that a key of a condition names. */
export function joinNamed(name: string): ConditionJoin | null {
  return name === "all" || name === "any" || name === "none" ? name : null;
}

/** The fact that a key of a condition names. */
export function factNamed(name: string): FactName | null {
  return factNames.find((known) => known === name) ?? null;
}

export const factNames = Object.keys(facts).filter((name): name is FactName => name in facts);
