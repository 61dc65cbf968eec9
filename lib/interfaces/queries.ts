import type { Interface } from "#core/contract/policy-document.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { listWorkers } from "#lib/workers/queries.ts";
import { type ListenerView, listenerStates } from "./listener-states.ts";

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

export type InterfaceView = {
  id: string;
  version: number;
  interface: Interface;
  /** The policies of the draft for what enters here, in order. */
  incoming: string[];
  /** Those whose mail goes out here. */
  outgoing: string[];
  listeners: ListenerView[];
};

/** The interfaces of the draft with what stands at each of them. */
export async function readInterfaces(now: Date): Promise<InterfaceView[]> {
  const rows = await database().interface.findMany({
    orderBy: { rank: "asc" },
    select: { id: true, name: true, version: true },
  });
  const draft = await readDraft(database());
  const live = await liveRevision(database());
  const workers = await listWorkers(now);
  const versions = new Map(rows.map((row) => [row.name, row]));
  return draft.interfaces.flatMap((item) => {
    const row = versions.get(item.name);
    if (row === undefined) return [];
    return [
      {
        id: row.id,
        version: row.version,
        interface: item,
        incoming: draft.policies.filter(({ from }) => from.interface === item.name).map(({ name }) => name),
        outgoing: draft.policies.filter(({ to }) => to.interface === item.name).map(({ name }) => name),
        listeners: listenerStates(item.name, draft, live === null ? null : parseRevision(live), workers),
      },
    ];
  });
}
