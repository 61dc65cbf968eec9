import type { Condition } from "#core/contract/condition.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";

export type ListUser = { ruleId: string; rule: string; proxyAction: string; ruleset: string };

/** The rules that refer to each list, by the list's name. */
export function listUsers(document: PolicyDocument): Map<string, ListUser[]> {
  const users = new Map<string, ListUser[]>();
  for (const action of document.proxyActions) {
    for (const { stage, ruleset } of rulesetsOf(action)) {
      for (const rule of ruleset.rules) {
        const user = { ruleId: rule.id ?? "", rule: rule.name, proxyAction: action.name, ruleset: stage };
        for (const name of listNames(rule.when)) users.set(name, [...(users.get(name) ?? []), user]);
      }
    }
  }
  return users;
}

function listNames(condition: Condition | undefined): Set<string> {
  const names = new Set<string>();
  for (const value of Object.values(condition ?? {})) {
    if (Array.isArray(value)) for (const child of value) for (const name of listNames(child)) names.add(name);
    else if (value !== undefined && "inList" in value && value.inList !== undefined) names.add(value.inList);
  }
  return names;
}

/** `"executables" of Mail in, attachment and 2 more`. */
export function userWords(users: readonly ListUser[]): string {
  const [first, ...rest] = users;
  if (first === undefined) return "no rule";
  const words = `rule "${first.rule}" of ${first.proxyAction}, ${first.ruleset}`;
  return rest.length === 0 ? words : `${words} and ${rest.length} more`;
}
