import type { Interface } from "#core/contract/policy-document.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { listWorkers } from "#lib/workers/queries.ts";
import { type ListenerView, listenerStates } from "./listener-states.ts";

/** What a finding of the lint is about. */
type HurtPlace = { kind: string; id: string };

/** `harms`: findings of the lint that hurt what enters there. */
export type InterfaceTab = { id: string; name: string; zone: string; rules: number; harms: number };

/** The interfaces of the draft, each with the number of rules that what enters there meets. `hurt`: what the lint finds harm in. */
export async function interfaceTabs(hurt: readonly HurtPlace[]): Promise<InterfaceTab[]> {
  const rows = await database().interface.findMany({
    orderBy: { rank: "asc" },
    select: { id: true, name: true, zone: true, policiesFrom: { select: { id: true, proxyActionId: true } } },
  });
  const counts = await database().rule.groupBy({ by: ["proxyActionId"], _count: true });
  const rulesOf = new Map(counts.map(({ proxyActionId, _count }) => [proxyActionId, _count]));
  const homes = await proxyActionsOf(hurt);
  return rows.map(({ id, name, zone, policiesFrom }) => {
    const actions = new Set(policiesFrom.map(({ proxyActionId }) => proxyActionId));
    const met = new Set([id, ...policiesFrom.map((policy) => policy.id), ...actions]);
    return {
      id,
      name,
      zone,
      rules: [...actions].reduce((sum, action) => sum + (rulesOf.get(action) ?? 0), 0),
      harms: hurt.filter((place) => met.has(homes.get(place.id) ?? place.id)).length,
    };
  });
}

/** Of the rules among the places. */
async function proxyActionsOf(hurt: readonly HurtPlace[]): Promise<ReadonlyMap<string, string>> {
  const ids = hurt.filter(({ kind }) => kind === "rule").map(({ id }) => id);
  const rows = await database().rule.findMany({
    where: { id: { in: ids } },
    select: { id: true, proxyActionId: true },
  });
  return new Map(rows.map(({ id, proxyActionId }) => [id, proxyActionId]));
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
