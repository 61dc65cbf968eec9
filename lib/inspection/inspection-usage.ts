import type { Condition } from "#core/contract/condition.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import type { InspectionKind } from "./inspection-input.ts";

/** What of the draft names each object of a kind, in words, by the object's name in lower case. */
export function inspectionUsers(document: PolicyDocument, kind: InspectionKind): Map<string, string[]> {
  const users = new Map<string, string[]>();
  const add = (names: readonly string[], user: string) => {
    for (const name of new Set(names.map((given) => given.toLowerCase()))) {
      users.set(name, [...(users.get(name) ?? []), user]);
    }
  };
  for (const action of document.proxyActions) {
    if (kind === "scanner") add(action.content.scanners, `proxy action "${action.name}"`);
    for (const { stage, ruleset } of rulesetsOf(action)) {
      for (const rule of ruleset.rules) add(namesOf(rule, kind), `rule "${rule.name}" of ${action.name}, ${stage}`);
      add(namesOf(ruleset.noneMatched, kind), `none matched of ${action.name}, ${stage}`);
    }
  }
  return users;
}

function namesOf({ action, when }: Pick<Rule, "action" | "when">, kind: InspectionKind): string[] {
  if (kind === "notice") return "notice" in action && action.notice !== undefined ? [action.notice] : [];
  return kind === "dictionary" && when !== undefined ? dictionariesOf(when) : [];
}

function dictionariesOf({ all = [], any = [], none = [], dictionary }: Condition): string[] {
  const { is, in: names = [] } = dictionary ?? {};
  return [...names, ...(is === undefined ? [] : [is]), ...[...all, ...any, ...none].flatMap(dictionariesOf)];
}
