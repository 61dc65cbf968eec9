import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";
import { differences } from "./differences.ts";
import { ruleKey } from "./document-parts.ts";
import { actionWords, ruleSentence } from "./explain.ts";
import { orderMoves } from "./order-moves.ts";
import { type Rename, renamesBetween, withRenames } from "./renames.ts";
import { type Section, sectionNouns } from "./sections.ts";

export type Change = {
  kind: "added" | "removed" | "renamed" | "changed" | "moved";
  /** What it is about: `rule "executables" of Mail in, attachment`. */
  object: string;
  /** One sentence. */
  words: string;
  /** Property by property, `limits.recipientsMax: 100 → 50`. */
  details: string[];
  /** Where the object is, as partsOf has it: the changes of one object have the same. */
  at: string;
};

/**
 * What has to be done to `before` to get `after`, in words. Rules are the same when their ids are, other objects when their names are, or when
 * renamesBetween says so: then what names them is no change.
 */
export function diffDocuments(given: PolicyDocument, after: PolicyDocument): Change[] {
  const renames = renamesBetween(given, after);
  const before = withRenames(given, renames);
  return [
    ...renames.map(renameChange),
    ...diffNamed("interfaces", before.interfaces, after.interfaces),
    ...diffNamed("lists", before.lists, after.lists),
    ...diffNamed("scanners", before.scanners, after.scanners),
    ...diffNamed("dictionaries", before.dictionaries, after.dictionaries),
    ...diffNamed("notices", before.notices, after.notices),
    ...diffNamed("routes", before.routes, after.routes),
    ...diffNamed("proxyActions", before.proxyActions.map(withoutRulesets), after.proxyActions.map(withoutRulesets)),
    ...diffAllRulesets(before, after),
    ...diffNamed("policies", before.policies, after.policies),
    ...diffNamed("tests", before.tests, after.tests),
  ];
}

function renameChange({ section, from, to }: Rename): Change {
  const subject = { at: objectAt([section], to), object: `${sectionNouns[section]} "${to}"` };
  return changeOf("renamed", subject, ` renamed: ${from} → ${to}`);
}

type Named = { name: string };

function diffNamed(section: Section, before: readonly Named[], after: readonly Named[]): Change[] {
  const changes: Change[] = [];
  const change = (kind: Change["kind"], name: string, words = ` ${kind}`, details: string[] = []) =>
    changes.push(
      changeOf(kind, { at: objectAt([section], name), object: `${sectionNouns[section]} "${name}"` }, words, details),
    );
  const old = new Map(before.map((item) => [item.name, item]));
  const names = new Set(after.map((item) => item.name));
  for (const item of before) if (!names.has(item.name)) change("removed", item.name);
  for (const item of after) {
    const previous = old.get(item.name);
    const details = previous === undefined ? [] : differences(previous, item);
    if (previous === undefined) change("added", item.name);
    else if (details.length > 0) change("changed", item.name, " changed", details);
  }
  const kept = after.filter(({ name }) => old.has(name)).map(({ name }) => name);
  for (const { item, from, to } of orderMoves(
    before.map(({ name }) => name).filter((name) => names.has(name)),
    kept,
  )) {
    change("moved", item, ` moved from position ${from} to ${to}`);
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
    return stages.flatMap((stage) => diffRuleset(name, stage, previous[stage], current[stage]));
  });
}

function rulesetsOf(rulesets: object): Record<string, Ruleset | undefined> {
  return rulesets as Record<string, Ruleset | undefined>;
}

const emptyRuleset: Ruleset = { rules: [], noneMatched: { action: { kind: "allow" }, log: false } };

function diffRuleset(
  name: string,
  stage: string,
  before: Ruleset = emptyRuleset,
  after: Ruleset = emptyRuleset,
): Change[] {
  const changes: Change[] = [];
  const subject = (rule: Rule): Subject => ({
    at: objectAt(["rules", name, stage], ruleKey(rule)),
    object: `rule "${rule.name}" of ${name}, ${stage}`,
  });
  const old = new Map(before.rules.map((rule) => [ruleKey(rule), rule]));
  const keys = new Set(after.rules.map(ruleKey));
  for (const rule of before.rules)
    if (!keys.has(ruleKey(rule))) changes.push(changeOf("removed", subject(rule), " removed"));
  after.rules.forEach((rule, i) => {
    const previous = old.get(ruleKey(rule));
    if (previous === undefined) {
      const state = rule.state === "on" ? "" : ` (${rule.state})`;
      const words = ` added at position ${i + 1}${state}: ${ruleSentence(rule)}`;
      changes.push(changeOf("added", subject(rule), words));
    } else changes.push(...diffRule(subject(rule), previous, rule));
  });
  const kept = new Map(after.rules.filter((rule) => old.has(ruleKey(rule))).map((rule) => [ruleKey(rule), rule]));
  const order = orderMoves(
    before.rules.map(ruleKey).filter((key) => keys.has(key)),
    [...kept.keys()],
  );
  for (const { item, from, to } of order) {
    const rule = kept.get(item);
    if (rule !== undefined) changes.push(changeOf("moved", subject(rule), ` moved from position ${from} to ${to}`));
  }
  const details = differences({ noneMatched: before.noneMatched }, { noneMatched: after.noneMatched });
  if (details.length > 0) {
    const at = objectAt(["rulesets"], JSON.stringify([name, stage]));
    const words = `: now ${actionWords(after.noneMatched.action)}`;
    changes.push(changeOf("changed", { at, object: `none matched of ${name}, ${stage}` }, words, details));
  }
  return changes;
}

function diffRule(subject: Subject, before: Rule, after: Rule): Change[] {
  const details = ruleDifferences(before, after);
  if (details.length === 0) return [];
  const onlyState = details.length === 1 && before.state !== after.state;
  const words = onlyState ? `: ${before.state} → ${after.state}` : ` changed: ${ruleSentence(after)}`;
  return [changeOf("changed", subject, words, details)];
}

/** Property by property, `when.sender.is: a → b`; of the comments in a condition only that they are others. */
export function ruleDifferences({ whenText: oldText, ...before }: Rule, { whenText, ...after }: Rule): string[] {
  return [...differences(before, after), ...(oldText === whenText ? [] : ["the comments in the condition"])];
}

type Subject = Pick<Change, "at" | "object">;

/** `words` go on after the object. */
function changeOf(kind: Change["kind"], subject: Subject, words: string, details: string[] = []): Change {
  return { kind, ...subject, words: `${subject.object}${words}`, details };
}

function objectAt(path: string[], key: string): string {
  return JSON.stringify([...path, key]);
}
