import type { Policy, PolicyDocument, ProxyAction } from "#core/contract/policy-document.ts";
import { pathOf } from "#core/policy/document-parts.ts";
import type { DocumentEdit } from "#core/policy/patch.ts";
import type { Rename } from "#core/policy/renames.ts";
import type { Section } from "#core/policy/sections.ts";
import type { Transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { definitionColumns, listColumns, policyColumns, profileColumns, routeColumns } from "./draft-columns.ts";
import { jsonObjectColumn } from "./json-column.ts";
import { rulesetsOf } from "./rule-identity.ts";

/** The rows of a section of the document, by the names of its objects, written as the document has them. */
export type DraftTable = {
  section: string;
  add(names: ReadonlySet<string>): Promise<unknown>;
  change(name: string): Promise<unknown>;
  remove(names: string[]): Promise<unknown>;
  /** Gives the rows the document's order. */
  order(): Promise<unknown>;
};

const nextVersion = { increment: 1 } as const;

/** Those that stand for themselves. */
export function namedTables(tx: Transaction, document: PolicyDocument): DraftTable[] {
  return [
    makeTable("interfaces", document.interfaces, {
      columns: ({ name, zone, networks }) => ({ name, zone, networks }),
      add: (data) => tx.interface.createMany({ data }),
      change: (name, data) => tx.interface.update({ where: { name }, data: { ...data, version: nextVersion } }),
      remove: (name) => tx.interface.deleteMany({ where: { name } }),
      order: (names) => writeRanks(tx, Prisma.sql`"Interface"`, names),
    }),
    makeTable("lists", document.lists, {
      columns: listColumns,
      add: (data) => tx.list.createMany({ data }),
      change: (name, data) => tx.list.update({ where: { name }, data: { ...data, version: nextVersion } }),
      remove: (name) => tx.list.deleteMany({ where: { name } }),
      order: (names) => writeRanks(tx, Prisma.sql`"List"`, names),
    }),
    inspectionTable(tx, "scanners", "scanner", document.scanners),
    inspectionTable(tx, "dictionaries", "dictionary", document.dictionaries),
    inspectionTable(tx, "notices", "notice", document.notices),
    makeTable("tests", document.tests, {
      columns: definitionColumns,
      add: (data) => tx.policyTest.createMany({ data }),
      change: (name, data) => tx.policyTest.update({ where: { name }, data: { ...data, version: nextVersion } }),
      remove: (name) => tx.policyTest.deleteMany({ where: { name } }),
      order: (names) => writeRanks(tx, Prisma.sql`"PolicyTest"`, names),
    }),
    makeTable("routes", document.routes, {
      columns: routeColumns,
      add: (data) => tx.route.createMany({ data }),
      change: (name, data) => tx.route.update({ where: { name }, data: { ...data, version: nextVersion } }),
      remove: (name) => tx.route.deleteMany({ where: { name } }),
      order: (names) => writeRanks(tx, Prisma.sql`"Route"`, names),
    }),
    makeTable<ProxyAction, ReturnType<typeof profileColumns>>("proxyActions", document.proxyActions, {
      columns: profileColumns,
      add: (data) => tx.proxyAction.createMany({ data }),
      change: (name, data) => tx.proxyAction.update({ where: { name }, data: { ...data, version: nextVersion } }),
      remove: (name) => tx.proxyAction.deleteMany({ where: { name } }),
      order: (names) => writeRanks(tx, Prisma.sql`"ProxyAction"`, names),
    }),
  ];
}

function inspectionTable(
  tx: Transaction,
  section: string,
  kind: string,
  objects: readonly Parameters<typeof definitionColumns>[0][],
): DraftTable {
  return makeTable(section, objects, {
    columns: (object) => ({ ...definitionColumns(object), kind }),
    add: (data) => tx.inspectionObject.createMany({ data }),
    change: (name, data) =>
      tx.inspectionObject.update({ where: { kind_name: { kind, name } }, data: { ...data, version: nextVersion } }),
    remove: (name) => tx.inspectionObject.deleteMany({ where: { kind, name } }),
    order: (names) => writeRanks(tx, Prisma.sql`"InspectionObject"`, names, Prisma.sql`AND kind = ${kind}`),
  });
}

/** The policies, which refer to rows of the other tables: those must stand before one is added or changed. */
export function policyTable(tx: Transaction, document: PolicyDocument): DraftTable {
  return makeTable("policies", document.policies, {
    columns: (policy) => ({ policy }),
    add: async (rows) => {
      const ids = await referredIds(tx);
      const data = rows.map(({ policy, rank }) => ({ ...policyColumns(policy), ...ids(policy), rank }));
      await tx.policy.createMany({ data });
    },
    change: async (name, { policy }) => {
      const ids = await referredIds(tx);
      const data = { ...policyColumns(policy), ...ids(policy), version: nextVersion };
      await tx.policy.update({ where: { name }, data });
    },
    remove: (name) => tx.policy.deleteMany({ where: { name } }),
    order: (names) => writeRanks(tx, Prisma.sql`"Policy"`, names),
  });
}

/** The ids of the rows that a policy names. */
async function referredIds(tx: Transaction) {
  const select = { id: true, name: true } as const;
  const interfaces = idsByName(await tx.interface.findMany({ select }));
  const routes = idsByName(await tx.route.findMany({ select }));
  const proxyActions = idsByName(await tx.proxyAction.findMany({ select }));
  return ({ from, to, proxyAction }: Policy) => ({
    fromInterfaceId: interfaces(from.interface),
    toInterfaceId: interfaces(to.interface),
    routeId: routes(to.route),
    proxyActionId: proxyActions(proxyAction),
  });
}

function idsByName(rows: readonly { id: string; name: string }[]): (name: string) => string {
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  return (name) => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`the document refers to ${name}, which it does not have`);
    return id;
  };
}

type Writing<Item, Columns> = {
  columns(item: Item): Columns;
  add(rows: (Columns & { rank: number })[]): Promise<unknown>;
  change(name: string, columns: Columns): Promise<unknown>;
  remove(name: { in: string[] }): Promise<unknown>;
  order(names: string[]): Promise<unknown>;
};

function makeTable<Item extends { name: string }, Columns extends object>(
  section: string,
  items: readonly Item[],
  { columns, add, change, remove, order }: Writing<Item, Columns>,
): DraftTable {
  return {
    section,
    add: (names) => add(items.flatMap((item, rank) => (names.has(item.name) ? [{ ...columns(item), rank }] : []))),
    change: async (name) => {
      const item = items.find((one) => one.name === name);
      if (item !== undefined) await change(name, columns(item));
    },
    remove: async (names) => names.length > 0 && remove({ in: names }),
    order: () => order(items.map(({ name }) => name)),
  };
}

async function writeRanks(tx: Transaction, table: Prisma.Sql, names: string[], and = Prisma.empty): Promise<void> {
  await tx.$executeRaw`
    UPDATE ${table} AS row SET rank = place.position::int - 1
    FROM unnest(${names}::text[]) WITH ORDINALITY AS place(name, position)
    WHERE row.name = place.name AND row.rank <> place.position - 1 ${and}`;
}

const tables: Readonly<Record<Section, Prisma.Sql>> = {
  interfaces: Prisma.sql`"Interface"`,
  lists: Prisma.sql`"List"`,
  scanners: Prisma.sql`"InspectionObject"`,
  dictionaries: Prisma.sql`"InspectionObject"`,
  notices: Prisma.sql`"InspectionObject"`,
  routes: Prisma.sql`"Route"`,
  proxyActions: Prisma.sql`"ProxyAction"`,
  policies: Prisma.sql`"Policy"`,
  tests: Prisma.sql`"PolicyTest"`,
};
const inspectionKinds = new Map([
  ["scanners", "scanner"],
  ["dictionaries", "dictionary"],
  ["notices", "notice"],
]);

/** Gives rows their new names, which no row has. What names them in other rows stays as it is. */
export async function renameRows(tx: Transaction, renames: readonly Rename[]): Promise<void> {
  for (const { section, from, to } of renames) {
    const kind = inspectionKinds.get(section);
    const and = kind === undefined ? Prisma.empty : Prisma.sql`AND kind = ${kind}`;
    await tx.$executeRaw`
      UPDATE ${tables[section]} SET name = ${to}, version = version + 1 WHERE name = ${from} ${and}`;
  }
}

/** Writes what the rulesets of the proxy actions in the edits do when no rule matched. */
export async function writeNoneMatched(
  tx: Transaction,
  document: PolicyDocument,
  edits: readonly DocumentEdit[],
): Promise<void> {
  const touched = new Set(edits.filter(({ path }) => path[0] === "rulesets").map(({ key }) => pathOf(key)[0]));
  for (const action of document.proxyActions) {
    if (!touched.has(action.name)) continue;
    const noneMatched = Object.fromEntries(
      rulesetsOf(action).map(({ stage, ruleset }) => [stage, ruleset.noneMatched]),
    );
    const data = { noneMatched: jsonObjectColumn(noneMatched), version: nextVersion };
    await tx.proxyAction.update({ where: { name: action.name }, data });
  }
}
