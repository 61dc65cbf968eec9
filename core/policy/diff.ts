import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { actionWords, ruleSentence, type SideRoute, sideRouteWords } from "./explain.ts";

export type Change = {
  kind: "added" | "removed" | "changed" | "moved";
  /** What it is about: `rule "executables" of Mail in, attachment`. */
  object: string;
  /** One sentence. */
  words: string;
  /** Property by property, `limits.recipientsMax: 100 → 50`. */
  details: string[];
};

/** What has to be done to `before` to get `after`, in words. Rules are the same when their ids are, other objects when their names are. */
export function diffDocuments(before: PolicyDocument, after: PolicyDocument): Change[] {
  return [
    ...diffNamed("interface", before.interfaces, after.interfaces),
    ...diffNamed("list", before.lists, after.lists),
    ...diffNamed("scanner", before.scanners, after.scanners),
    ...diffNamed("dictionary", before.dictionaries, after.dictionaries),
    ...diffNamed("notice", before.notices, after.notices),
    ...diffNamed("route", before.routes, after.routes),
    ...diffNamed("proxy action", before.proxyActions.map(withoutRulesets), after.proxyActions.map(withoutRulesets)),
    ...diffAllRulesets(before, after),
    ...diffNamed("policy", before.policies, after.policies),
  ];
}

type Named = { name: string };

function diffNamed(noun: string, before: readonly Named[], after: readonly Named[]): Change[] {
  const changes: Change[] = [];
  const old = new Map(before.map((item) => [item.name, item]));
  const names = new Set(after.map((item) => item.name));
  for (const item of before) if (!names.has(item.name)) changes.push(change("removed", `${noun} "${item.name}"`));
  for (const item of after) {
    const object = `${noun} "${item.name}"`;
    const previous = old.get(item.name);
    if (previous === undefined) changes.push(change("added", object));
    else {
      const details = differences(previous, item);
      if (details.length > 0) changes.push(change("changed", object, `${object} changed`, details));
    }
  }
  const kept = after.filter(({ name }) => old.has(name)).map(({ name }) => name);
  for (const { item, from, to } of moves(
    before.map(({ name }) => name).filter((name) => names.has(name)),
    kept,
  )) {
    const object = `${noun} "${item}"`;
    changes.push(change("moved", object, `${object} moved from position ${from} to ${to}`));
  }
  return changes;
}

function withoutRulesets({ rulesets: _, ...action }: PolicyDocument["proxyActions"][number]): Named {
  return action;
}

function diffAllRulesets(before: PolicyDocument, after: PolicyDocument): Change[] {
  const old = new Map(before.proxyActions.map((action) => [action.name, rulesetsOf(action.rulesets)]));
  return after.proxyActions.flatMap(({ name, rulesets }) => {
    const previous = old.get(name) ?? {};
    const current = rulesetsOf(rulesets);
    const stages = [...new Set([...Object.keys(previous), ...Object.keys(current)])];
    return stages.flatMap((stage) => diffRuleset(`${name}, ${stage}`, previous[stage], current[stage]));
  });
}

function rulesetsOf(rulesets: object): Record<string, Ruleset | undefined> {
  return rulesets as Record<string, Ruleset | undefined>;
}

const emptyRuleset: Ruleset = { rules: [], noneMatched: { action: { kind: "allow" }, log: false } };

function diffRuleset(place: string, before: Ruleset = emptyRuleset, after: Ruleset = emptyRuleset): Change[] {
  const changes: Change[] = [];
  const old = new Map(before.rules.map((rule) => [keyOf(rule), rule]));
  const keys = new Set(after.rules.map(keyOf));
  for (const rule of before.rules) {
    if (!keys.has(keyOf(rule))) changes.push(change("removed", `rule "${rule.name}" of ${place}`));
  }
  after.rules.forEach((rule, i) => {
    const object = `rule "${rule.name}" of ${place}`;
    const previous = old.get(keyOf(rule));
    if (previous === undefined) {
      const state = rule.state === "on" ? "" : ` (${rule.state})`;
      changes.push(change("added", object, `${object} added at position ${i + 1}${state}: ${ruleSentence(rule)}`));
    } else changes.push(...diffRule(object, previous, rule));
  });
  const kept = after.rules.filter((rule) => old.has(keyOf(rule)));
  const order = moves(
    before.rules.map(keyOf).filter((key) => keys.has(key)),
    kept.map(keyOf),
  );
  for (const { item, from, to } of order) {
    const object = `rule "${kept.find((rule) => keyOf(rule) === item)?.name}" of ${place}`;
    changes.push(change("moved", object, `${object} moved from position ${from} to ${to}`));
  }
  const details = differences({ noneMatched: before.noneMatched }, { noneMatched: after.noneMatched });
  if (details.length > 0) {
    const object = `none matched of ${place}`;
    changes.push(change("changed", object, `${object}: now ${actionWords(after.noneMatched.action)}`, details));
  }
  return changes;
}

function diffRule(object: string, before: Rule, after: Rule): Change[] {
  const details = differences(before, after);
  if (details.length === 0) return [];
  const onlyState = details.length === 1 && before.state !== after.state;
  const words = onlyState ? `${object}: ${before.state} → ${after.state}` : `${object} changed: ${ruleSentence(after)}`;
  return [change("changed", object, words, details)];
}

function keyOf(rule: Rule): string {
  return rule.id ?? rule.name;
}

/** The fewest items that must move to turn one order into the other: those outside the longest common run of places. */
function moves(before: readonly string[], after: readonly string[]): { item: string; from: number; to: number }[] {
  const oldPlace = new Map(before.map((item, i) => [item, i]));
  const places = after.map((item) => oldPlace.get(item) ?? -1);
  const staying = longestIncreasing(places);
  return after.flatMap((item, i) => {
    const place = places[i] ?? -1;
    return staying.has(place) ? [] : [{ item, from: place + 1, to: i + 1 }];
  });
}

/** The values of a longest increasing subsequence. O(n²), n ≤ 2,000 rules. */
function longestIncreasing(values: readonly number[]): Set<number> {
  const best: { length: number; previous: number }[] = [];
  let end = -1;
  values.forEach((value, i) => {
    let longest = { length: 1, previous: -1 };
    for (let j = 0; j < i; j++) {
      const candidate = best[j]?.length ?? 0;
      if ((values[j] ?? 0) < value && candidate + 1 > longest.length) longest = { length: candidate + 1, previous: j };
    }
    best.push(longest);
    if (longest.length > (best[end]?.length ?? 0)) end = i;
  });
  const kept = new Set<number>();
  for (let i = end; i >= 0; i = best[i]?.previous ?? -1) kept.add(values[i] ?? -1);
  return kept;
}

/** The leaves that differ, with their paths; arrays are compared as a whole. */
function differences(before: unknown, after: unknown, path = ""): string[] {
  if (isPlain(before) && isPlain(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [old, now] = [shown(before), shown(after)];
  // Words leave out the rest of long lists.
  return [old === now ? `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}` : `${path}: ${old} → ${now}`];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "–";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length > 0 && value.every(isSideRoute)) return value.map(sideRouteWords).join("; ");
  return JSON.stringify(value);
}

function isSideRoute(value: unknown): value is SideRoute {
  return isPlain(value) && typeof value["route"] === "string";
}

function change(kind: Change["kind"], object: string, words = `${object} ${kind}`, details: string[] = []): Change {
  return { kind, object, words, details };
}
