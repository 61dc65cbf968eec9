import type { Route } from "#core/contract/policy-document.ts";
import type { RouteStatus } from "#core/contract/report.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { listWorkers } from "#lib/workers/queries.ts";
import { routeUsers } from "./route-usage.ts";

export type RouteAtWorker = {
  worker: string;
  /** False: what it last said is old. */
  heard: boolean;
  /** Null: it does not know the route, which was not published yet. */
  status: RouteStatus | null;
};
export type RouteView = {
  id: string;
  version: number;
  route: Route;
  /** The policies of the draft that send mail or logins over it. */
  usedBy: string[];
  workers: RouteAtWorker[];
};

/** The routes of the draft, each with what the workers say about it at `now`. */
export async function readRoutes(now: Date): Promise<RouteView[]> {
  const rows = await database().route.findMany({ select: { id: true, name: true, version: true } });
  const draft = await readDraft(database());
  const workers = await listWorkers(now);
  const users = routeUsers(draft);
  const byName = new Map(rows.map((row) => [row.name, row]));
  return draft.routes.flatMap((route) => {
    const row = byName.get(route.name);
    if (row === undefined) return [];
    const { id, version } = row;
    const states = workers.map(({ name, state, status }) => ({
      worker: name,
      heard: state !== "down",
      status: status?.routes.find((one) => one.route === route.name) ?? null,
    }));
    return [{ id, version, route, usedBy: users.get(route.name) ?? [], workers: states }];
  });
}
