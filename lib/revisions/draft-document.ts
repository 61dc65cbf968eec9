import {
  type Policy,
  type PolicyDocument,
  policyDocumentSchema,
  policySchema,
  type Route,
  routeSchema,
} from "#core/contract/policy-document.ts";
import type { Transaction } from "#lib/db.ts";

export type RuleRow = {
  id: string;
  ruleset: string;
  name: string;
  state: string;
  when: unknown;
  whenText: string | null;
  action: unknown;
  log: boolean;
  alarm: boolean;
  expires: string | null;
  section: string | null;
};
type RouteRow = { name: string; protocol: string; definition: unknown };
type DefinedRow = { name: string; definition: unknown };
type PolicyRow = {
  name: string;
  protocol: string;
  enabled: boolean;
  fromInterface: { name: string };
  sources: string[];
  sourceLists: string[];
  toInterface: { name: string };
  route: { name: string };
  proxyAction: { name: string };
  routes: unknown;
  userRoutes: unknown;
  serverChoice: unknown;
  schedule: unknown;
  disposition: string;
  listen: unknown;
};
type ProxyActionRow = {
  name: string;
  protocol: string;
  direction: string;
  limits: unknown;
  settings: unknown;
  content: unknown;
  noneMatched: unknown;
  rules: RuleRow[];
};

/**
 * The draft as a policy document: rows in order of rank, rule ids kept. Throws a ZodError when the rows do not fit the schema,
 * which no mutation lets happen.
 */
export async function readDraft(tx: Transaction): Promise<PolicyDocument> {
  const inOrder = { orderBy: { rank: "asc" } } as const;
  const interfaces = await tx.interface.findMany(inOrder);
  const lists = await tx.list.findMany(inOrder);
  const objects = await tx.inspectionObject.findMany(inOrder);
  const ofKind = (kind: string) => objects.filter((row) => row.kind === kind).map(definitionFromRow);
  const routes = await tx.route.findMany(inOrder);
  const proxyActions = await tx.proxyAction.findMany({ ...inOrder, include: { rules: inOrder } });
  const tests = await tx.policyTest.findMany(inOrder);
  const policies = await tx.policy.findMany({
    ...inOrder,
    include: policyReferences,
  });
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: interfaces.map(({ name, zone, networks }) => ({ name, zone, networks })),
    lists: lists.map(listOf),
    scanners: ofKind("scanner"),
    dictionaries: ofKind("dictionary"),
    notices: ofKind("notice"),
    routes: routes.map(routeFromRow),
    proxyActions: proxyActions.map(proxyActionFromRow),
    policies: policies.map(policyFromRow),
    tests: tests.map(definitionFromRow),
  });
}

/** The row of an inspection object or policy test in the document's form, not yet parsed. */
export function definitionFromRow({ name, definition }: DefinedRow): object {
  return { ...asObject(definition), name };
}

/** A route's row as the document has it. */
export function routeFromRow({ name, protocol, definition }: RouteRow): Route {
  return routeSchema.parse({ ...asObject(definition), name, protocol });
}

/** What a policy's row must bring with it to be read. */
export const policyReferences = { fromInterface: true, toInterface: true, route: true, proxyAction: true } as const;

/** A policy's row as the document has it. */
export function policyFromRow(row: PolicyRow): Policy {
  return policySchema.parse({
    name: row.name,
    protocol: row.protocol,
    enabled: row.enabled,
    from: { interface: row.fromInterface.name, sources: row.sources, sourceLists: row.sourceLists },
    to: {
      interface: row.toInterface.name,
      route: row.route.name,
      routes: row.routes,
      userRoutes: row.userRoutes,
      ...(row.serverChoice === null ? {} : { serverChoice: row.serverChoice }),
    },
    ...(row.schedule === null ? {} : { schedule: row.schedule }),
    disposition: row.disposition,
    listen: row.listen,
    proxyAction: row.proxyAction.name,
  });
}

function proxyActionFromRow(row: ProxyActionRow): object {
  const { name, protocol, direction, limits, settings, content } = row;
  const rulesets = Object.fromEntries(
    Object.entries(asObject(row.noneMatched)).map(([stage, noneMatched]) => [
      stage,
      { rules: row.rules.filter((rule) => rule.ruleset === stage).map(ruleFromRow), noneMatched },
    ]),
  );
  return { name, protocol, direction, limits, content, ...(settings === null ? {} : { settings }), rulesets };
}

/** A rule's row in the document's form, not yet parsed. */
export function ruleFromRow({
  id,
  name,
  section,
  state,
  when,
  whenText,
  action,
  log,
  alarm,
  expires,
}: RuleRow): object {
  const optional = {
    ...(section === null ? {} : { section }),
    ...(when === null ? {} : { when }),
    ...(whenText === null ? {} : { whenText }),
    ...(expires === null ? {} : { expires }),
  };
  return { id, name, state, ...optional, action, log, alarm };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A list's row as the document has it. */
export function listOf({
  name,
  kind,
  feed,
  entries,
}: {
  name: string;
  kind: string;
  feed: unknown;
  entries: string[];
}) {
  return { name, kind, ...(feed !== null && { feed }), entries };
}
