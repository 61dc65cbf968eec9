import { database, type Transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";

/** An interface of the draft, or one that was in it. */
export type InterfaceScope = {
  /** Null: it is not in the draft. */
  id: string | null;
  /** What it is called, or was last; what was asked, when nothing ever was called so. */
  name: string;
  /** What the workers' reports call it: its name, and those that it had. */
  names: string[];
};

/** Who took which name, the latest first. */
type TakenName = { interfaceId: string; name: string };

/**
 * What an address means by an interface: its id, or a name that it has or had. A name is of the interface that took it last, so the id of one that
 * was deleted leads to the one that took its name since.
 */
export function scopeOf(asked: string, inDraft: readonly string[], taken: readonly TakenName[]): InterfaceScope {
  const bearerOf = (name: string) => taken.find((one) => one.name === name)?.interfaceId;
  const nameOf = (id: string) => taken.find(({ interfaceId }) => interfaceId === id)?.name ?? asked;
  const bearer = bearerOf(nameOf(asked));
  if (bearer === undefined) return { id: null, name: asked, names: [asked] };
  const names = taken.filter(({ interfaceId, name }) => interfaceId === bearer && bearerOf(name) === bearer);
  return {
    id: inDraft.includes(bearer) ? bearer : null,
    name: nameOf(bearer),
    names: names.map(({ name }) => name),
  };
}

/** What the part `interface` of an address means; null: every interface. */
export async function readScope(
  asked: string | null,
  db: Pick<Transaction, "interface" | "interfaceName"> = database(),
): Promise<InterfaceScope | null> {
  if (asked === null) return null;
  const { ids, taken } = await readNames(db);
  return scopeOf(asked, ids, taken);
}

/** What the frame of the pages offers, in the people's order; `names`: what an address may call it, beside its id. */
export type InterfaceChoice = { id: string; name: string; names: string[] };

export async function interfaceChoices(): Promise<InterfaceChoice[]> {
  const { rows, ids, taken } = await readNames(database());
  return rows.map((row) => ({ ...row, names: scopeOf(row.id, ids, taken).names }));
}

/** The interfaces of the draft in the people's order, and who took which name. */
async function readNames(db: Pick<Transaction, "interface" | "interfaceName">) {
  const rows = await db.interface.findMany({ orderBy: { rank: "asc" }, select: { id: true, name: true } });
  const taken = await db.interfaceName.findMany({ orderBy: { takenAt: "desc" } });
  return { rows, ids: rows.map(({ id }) => id), taken };
}

/** What a page is asked for, its interface by id where the draft has it, and what that is. */
export async function scopedSearch<Search extends { interface: string | null }>(
  asked: Search,
): Promise<{ scope: InterfaceScope | null; search: Search }> {
  const scope = await readScope(asked.interface);
  return { scope, search: { ...asked, interface: scope?.id ?? asked.interface } };
}

/** A condition on rows that say by name at which interface it was; null asks nothing. */
export async function atInterface(asked: string | null, db?: Transaction): Promise<Prisma.Sql> {
  return inScope(await readScope(asked, db));
}

/** The same of what an address was found to mean. */
export function inScope(scope: InterfaceScope | null): Prisma.Sql {
  if (scope === null) return Prisma.sql`TRUE`;
  const [only, ...others] = scope.names;
  // One name is compared as such: only then an index gives the rows in order.
  return others.length === 0 ? Prisma.sql`interface = ${only}` : Prisma.sql`interface = ANY(${scope.names})`;
}
