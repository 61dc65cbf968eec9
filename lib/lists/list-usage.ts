import type { TextTest } from "#core/contract/condition.ts";
import type { Policy, PolicyDocument, SmtpProxyAction } from "#core/contract/policy-document.ts";
import { conditionLists } from "#core/policy/condition-lists.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";

/** What refers to a list: a rule, a policy (sources, recipient domains, users) or the settings of a proxy action. */
export type ListUser =
  | { kind: "rule"; ruleId: string; rule: string; proxyAction: string; ruleset: string }
  | { kind: "policy"; policy: string }
  | { kind: "settings"; proxyAction: string };

/** Everything that refers to each list, by the list's name. */
export function listUsers(document: PolicyDocument): Map<string, ListUser[]> {
  const users = new Map<string, ListUser[]>();
  const add = (names: Iterable<string>, user: ListUser) => {
    for (const name of new Set(names)) users.set(name, [...(users.get(name) ?? []), user]);
  };
  for (const action of document.proxyActions) {
    for (const { stage, ruleset } of rulesetsOf(action)) {
      for (const rule of ruleset.rules) {
        const place = { rule: rule.name, proxyAction: action.name, ruleset: stage };
        add(conditionLists(rule.when), { kind: "rule", ruleId: rule.id ?? "", ...place });
      }
    }
    if (action.protocol === "smtp") add(settingsLists(action), { kind: "settings", proxyAction: action.name });
  }
  for (const policy of document.policies) add(policyLists(policy), { kind: "policy", policy: policy.name });
  return users;
}

function settingsLists({ settings: { tlsRules, recipientVerification } }: SmtpProxyAction): string[] {
  const { list } = recipientVerification;
  return [
    ...tlsRules.flatMap(({ senderDomain, recipientDomain }) => [
      ...testLists(senderDomain),
      ...testLists(recipientDomain),
    ]),
    ...(list !== undefined ? [list] : []),
  ];
}

function policyLists({ from, to }: Policy): string[] {
  return [
    ...from.sourceLists,
    ...to.routes.flatMap(({ recipientDomain }) => testLists(recipientDomain)),
    ...to.userRoutes.flatMap(({ user, domain }) => [...testLists(user), ...testLists(domain)]),
  ];
}

function testLists(test: TextTest | undefined): string[] {
  return test?.inList === undefined ? [] : [test.inList];
}

/** `rule "executables" of Mail in, attachment`. */
export function userWords(user: ListUser): string {
  switch (user.kind) {
    case "rule":
      return `rule "${user.rule}" of ${user.proxyAction}, ${user.ruleset}`;
    case "policy":
      return `policy "${user.policy}"`;
    case "settings":
      return `the settings of ${user.proxyAction}`;
  }
}
