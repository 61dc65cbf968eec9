import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { Rule, Ruleset } from "#core/contract/rule.ts";

/** Objects by their key, in the document's order: a rule's id, else its name; a ruleset's place; the name of everything else. */
export type Part = Map<string, unknown>;

/** The objects of a document by the JSON text of where they are: `["routes"]`, `["rulesets"]`, `["rules", proxy action, stage]`. */
export type DocumentParts = Map<string, Part>;

const namedSections = [
  "interfaces",
  "lists",
  "scanners",
  "dictionaries",
  "notices",
  "routes",
  "policies",
  "tests",
] as const;

/** The key of a rule. */
export function ruleKey(rule: Rule): string {
  return rule.id === undefined ? `name:${rule.name}` : `id:${rule.id}`;
}

/** The id in the key of a rule that has one. */
export function idOfRuleKey(key: string): string {
  return key.slice("id:".length);
}

/** Takes a document apart: proxy actions without their rulesets, rulesets without their rules, and the rules. */
export function partsOf(document: PolicyDocument): DocumentParts {
  const parts: DocumentParts = new Map();
  for (const section of namedSections)
    parts.set(JSON.stringify([section]), new Map(document[section].map((item) => [item.name, item])));
  const actions: Part = new Map();
  const rulesets: Part = new Map();
  for (const { rulesets: own, ...action } of document.proxyActions) {
    actions.set(action.name, action);
    for (const [stage, ruleset] of Object.entries<Ruleset | undefined>(own)) {
      if (ruleset === undefined) continue;
      rulesets.set(JSON.stringify([action.name, stage]), { noneMatched: ruleset.noneMatched });
      const rules = new Map(ruleset.rules.map((rule) => [ruleKey(rule), rule]));
      parts.set(JSON.stringify(["rules", action.name, stage]), rules);
    }
  }
  return parts.set(JSON.stringify(["proxyActions"]), actions).set(JSON.stringify(["rulesets"]), rulesets);
}

/** Puts it together again; null when something has no place any more (a rule without its ruleset) or there is too much of it. */
export function documentOf(parts: DocumentParts): PolicyDocument | null {
  const section = (name: string): Part => parts.get(JSON.stringify([name])) ?? new Map();
  const actions = new Map([...section("proxyActions")].map(([name, action]) => [name, { action, rulesets: {} }]));
  let placed = true;
  for (const [place, ruleset] of section("rulesets")) {
    const [name = "", stage = ""] = pathOf(place);
    const owner = actions.get(name);
    const rules = [...(parts.get(JSON.stringify(["rules", name, stage])) ?? new Map()).values()];
    if (owner === undefined) placed = false;
    else Object.assign(owner.rulesets, { [stage]: { ...Object(ruleset), rules } });
  }
  for (const [key, rules] of parts) {
    const [kind, name, stage] = pathOf(key);
    if (kind === "rules" && rules.size > 0 && !section("rulesets").has(JSON.stringify([name, stage]))) placed = false;
  }
  if (!placed) return null;
  const read = policyDocumentSchema.safeParse({
    version: 1,
    ...Object.fromEntries(namedSections.map((name) => [name, [...section(name).values()]])),
    proxyActions: [...actions.values()].map(({ action, rulesets }) => ({ ...Object(action), rulesets })),
  });
  return read.success ? read.data : null;
}

/** The names of a key that is a place. */
export function pathOf(key: string): string[] {
  const names: unknown = JSON.parse(key);
  return Array.isArray(names) ? names.map(String) : [];
}
