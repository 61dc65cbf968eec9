import type { Dictionary } from "#core/contract/dictionary.ts";
import type { Notice } from "#core/contract/notice.ts";
import type { List, Policy, Pop3ProxyAction, Route, SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { PolicyTest } from "#core/contract/policy-test.ts";
import type { Rule } from "#core/contract/rule.ts";
import type { Scanner } from "#core/contract/scanner.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { jsonArrayColumn, jsonObjectColumn } from "./json-column.ts";

/** The columns of a rule that come from the document. */
export function ruleColumns(rule: Rule) {
  return {
    name: rule.name,
    section: rule.section ?? null,
    state: rule.state,
    when: rule.when === undefined ? Prisma.DbNull : jsonObjectColumn(rule.when),
    whenText: rule.whenText ?? null,
    action: jsonObjectColumn(rule.action),
    log: rule.log,
    alarm: rule.alarm,
    expires: rule.expires ?? null,
  };
}

/** The columns of a policy that come from the document, without those that refer to other rows. */
export function policyColumns(policy: Policy) {
  return {
    name: policy.name,
    protocol: policy.protocol,
    enabled: policy.enabled,
    sources: policy.from.sources,
    sourceLists: policy.from.sourceLists,
    routes: jsonArrayColumn(policy.to.routes),
    userRoutes: jsonArrayColumn(policy.to.userRoutes),
    serverChoice: policy.to.serverChoice === undefined ? Prisma.DbNull : jsonObjectColumn(policy.to.serverChoice),
    schedule: policy.schedule === undefined ? Prisma.DbNull : jsonObjectColumn(policy.schedule),
    disposition: policy.disposition,
    listen: jsonArrayColumn(policy.listen),
  };
}

/** The columns of a list. */
export function listColumns({ feed, ...list }: List) {
  return { ...list, feed: feed === undefined ? Prisma.DbNull : jsonObjectColumn(feed) };
}

/** The columns of a route. */
export function routeColumns({ name, protocol, ...definition }: Route) {
  return { name, protocol, definition: jsonObjectColumn(definition) };
}

/** The columns of a scanner, dictionary, notice or policy test. */
export function definitionColumns({ name, ...definition }: Scanner | Dictionary | Notice | PolicyTest) {
  return { name, definition: jsonObjectColumn(definition) };
}

/** The columns of a proxy action that are neither rules nor their defaults. */
export function profileColumns(action: Omit<SmtpProxyAction, "rulesets"> | Omit<Pop3ProxyAction, "rulesets">) {
  return {
    name: action.name,
    protocol: action.protocol,
    direction: action.direction,
    limits: jsonObjectColumn(action.limits),
    content: jsonObjectColumn(action.content),
    settings: jsonObjectColumn(action.settings),
  };
}
