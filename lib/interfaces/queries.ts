import { database } from "#lib/db.ts";

export type InterfaceTab = { name: string; zone: string; rules: number };

/** The interfaces of the draft, each with the number of rules that what enters there meets. */
export async function interfaceTabs(): Promise<InterfaceTab[]> {
  const rows = await database().interface.findMany({
    orderBy: { rank: "asc" },
    select: { name: true, zone: true, policiesFrom: { select: { proxyActionId: true } } },
  });
  const counts = await database().rule.groupBy({ by: ["proxyActionId"], _count: true });
  const rulesOf = new Map(counts.map(({ proxyActionId, _count }) => [proxyActionId, _count]));
  return rows.map(({ name, zone, policiesFrom }) => {
    const actions = new Set(policiesFrom.map(({ proxyActionId }) => proxyActionId));
    return { name, zone, rules: [...actions].reduce((sum, id) => sum + (rulesOf.get(id) ?? 0), 0) };
  });
}
