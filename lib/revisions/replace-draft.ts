import { randomUUID } from "node:crypto";
import type { Dictionary } from "#core/contract/dictionary.ts";
import type { Notice } from "#core/contract/notice.ts";
import type {
  List,
  Policy,
  PolicyDocument,
  Pop3ProxyAction,
  ProxyAction,
  Route,
  SmtpProxyAction,
} from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import type { Scanner } from "#core/contract/scanner.ts";
import type { Transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { readDraft } from "./draft-document.ts";
import { jsonArrayColumn, jsonObjectColumn } from "./json-column.ts";
import { rulesetsOf, withKnownRuleIds } from "./rule-identity.ts";

type Identity = { id: string; version: number };
type Named = { id: string; name: string; version: number };

/**
 * Makes the draft equal to a checked document. Objects keep their row id by name and rules theirs as withKnownRuleIds says; versions rise,
 * so that an editor opened before hears of it. The caller holds the draft's lock.
 */
export async function replaceDraft(tx: Transaction, incoming: PolicyDocument): Promise<void> {
  const document = withKnownRuleIds(incoming, await readDraft(tx));
  const known = await knownObjects(tx);
  const ruleVersions = await tx.rule.findMany({ select: { id: true, version: true } });
  await clearDraft(tx);

  const interfaceIds = await insertInterfaces(tx, document, known.interfaces);
  const routeIds = await insertRoutes(tx, document, known.routes);
  await insertLists(tx, document, known.lists);
  await insertInspectionObjects(tx, document, known.inspectionObjects);
  const proxyActionIds = await insertProxyActions(tx, document, known.proxyActions);
  await insertRules(tx, document, proxyActionIds, new Map(ruleVersions.map(({ id, version }) => [id, version])));
  await tx.policy.createMany({
    data: document.policies.map((policy, rank) => ({
      ...identify(known.policies, policy.name),
      ...policyColumns(policy),
      rank,
      fromInterfaceId: idOf(interfaceIds, policy.from.interface),
      toInterfaceId: idOf(interfaceIds, policy.to.interface),
      routeId: idOf(routeIds, policy.to.route),
      proxyActionId: idOf(proxyActionIds, policy.proxyAction),
    })),
  });
}

/** The columns of a rule that come from the document. */
export function ruleColumns(rule: Rule) {
  return {
    name: rule.name,
    state: rule.state,
    when: rule.when === undefined ? Prisma.DbNull : jsonObjectColumn(rule.when),
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

/** The columns of a scanner, dictionary or notice. */
export function inspectionColumns({ name, ...definition }: Scanner | Dictionary | Notice) {
  return { name, definition: jsonObjectColumn(definition) };
}

async function insertInspectionObjects(
  tx: Transaction,
  { scanners, dictionaries, notices }: PolicyDocument,
  known: readonly (Named & { kind: string })[],
): Promise<void> {
  const rows = (kind: string, objects: readonly (Scanner | Dictionary | Notice)[]) => {
    const before = byName(known.filter((row) => row.kind === kind));
    return objects.map((object, rank) => ({
      ...inspectionColumns(object),
      ...identify(before, object.name),
      kind,
      rank,
    }));
  };
  await tx.inspectionObject.createMany({
    data: [...rows("scanner", scanners), ...rows("dictionary", dictionaries), ...rows("notice", notices)],
  });
}

async function knownObjects(tx: Transaction) {
  const select = { id: true, name: true, version: true } as const;
  return {
    interfaces: byName(await tx.interface.findMany({ select })),
    lists: byName(await tx.list.findMany({ select })),
    inspectionObjects: await tx.inspectionObject.findMany({ select: { ...select, kind: true } }),
    routes: byName(await tx.route.findMany({ select })),
    proxyActions: byName(await tx.proxyAction.findMany({ select })),
    policies: byName(await tx.policy.findMany({ select })),
  };
}

async function clearDraft(tx: Transaction): Promise<void> {
  await tx.policy.deleteMany();
  await tx.rule.deleteMany();
  await tx.proxyAction.deleteMany();
  await tx.route.deleteMany();
  await tx.list.deleteMany();
  await tx.inspectionObject.deleteMany();
  await tx.interface.deleteMany();
}

async function insertInterfaces(tx: Transaction, document: PolicyDocument, known: Map<string, Identity>) {
  const data = document.interfaces.map((row, rank) => ({ ...row, ...identify(known, row.name), rank }));
  await tx.interface.createMany({ data });
  return byName(data);
}

async function insertLists(tx: Transaction, document: PolicyDocument, known: Map<string, Identity>) {
  await tx.list.createMany({
    data: document.lists.map((list, rank) => ({ ...listColumns(list), ...identify(known, list.name), rank })),
  });
}

async function insertRoutes(tx: Transaction, document: PolicyDocument, known: Map<string, Identity>) {
  const data = document.routes.map((route, rank) => ({ ...routeColumns(route), ...identify(known, route.name), rank }));
  await tx.route.createMany({ data });
  return byName(data);
}

async function insertProxyActions(tx: Transaction, document: PolicyDocument, known: Map<string, Identity>) {
  const data = document.proxyActions.map((action, rank) => ({
    ...proxyActionColumns(action),
    ...identify(known, action.name),
    rank,
  }));
  await tx.proxyAction.createMany({ data });
  return byName(data);
}

function proxyActionColumns(action: ProxyAction) {
  const noneMatched = Object.fromEntries(rulesetsOf(action).map(({ stage, ruleset }) => [stage, ruleset.noneMatched]));
  return { ...profileColumns(action), noneMatched: jsonObjectColumn(noneMatched) };
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

/** One statement with one parameter: a document may have thousands of rules. */
async function insertRules(
  tx: Transaction,
  document: PolicyDocument,
  proxyActionIds: Map<string, Identity>,
  versions: Map<string, number>,
) {
  const rows = document.proxyActions.flatMap((action) =>
    rulesetsOf(action).flatMap(({ stage, ruleset }) =>
      ruleset.rules.map((rule, rank) => {
        const id = rule.id ?? randomUUID();
        const proxyActionId = idOf(proxyActionIds, action.name);
        return { ...rule, id, version: (versions.get(id) ?? 0) + 1, proxyActionId, ruleset: stage, rank };
      }),
    ),
  );
  await tx.$executeRaw`
    INSERT INTO "Rule" (id, "proxyActionId", ruleset, rank, name, state, "when", action, log, alarm, expires, version)
    SELECT id, "proxyActionId", ruleset, rank, name, state, "when", action, log, alarm, expires, version
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(id uuid, "proxyActionId" uuid, ruleset text, rank int,
      name text, state text, "when" jsonb, action jsonb, log boolean, alarm boolean, expires text, version int)`;
}

function byName(rows: readonly Named[]): Map<string, Identity> {
  return new Map(rows.map(({ id, name, version }) => [name, { id, version }]));
}

function identify(known: Map<string, Identity>, name: string): Identity {
  const before = known.get(name);
  return before === undefined ? { id: randomUUID(), version: 1 } : { id: before.id, version: before.version + 1 };
}

function idOf(known: Map<string, Identity>, name: string): string {
  const found = known.get(name);
  if (found === undefined) throw new Error(`the document refers to ${name}, which it does not have`);
  return found.id;
}
