import type { Ban } from "#core/contract/ban.ts";
import { listWorkers } from "#lib/workers/queries.ts";

export type BanRow = Ban & { workerId: string; worker: string };

export type BanList = {
  /** The soonest to end first. */
  rows: BanRow[];
  /** Bans that the workers hold and did not name: those that end last. */
  unnamed: number;
  workers: number;
  /** Workers that are not heard: their bans are as they last reported them. */
  silent: { name: string; lastSeenAt: string | null }[];
};

/** The sources that the workers refuse at `now`, as they last reported them. */
export async function listBans(now: Date): Promise<BanList> {
  const workers = await listWorkers(now);
  const rows = workers.flatMap(({ id, name, status }) =>
    (status?.bans ?? []).map((ban): BanRow => ({ ...ban, workerId: id, worker: name })),
  );
  const held = workers.reduce((sum, { status }) => sum + (status?.banCount ?? 0), 0);
  return {
    rows: rows
      .filter(({ until }) => Date.parse(until) > now.getTime())
      .sort((a, b) => Date.parse(a.until) - Date.parse(b.until) || a.address.localeCompare(b.address)),
    unnamed: Math.max(0, held - rows.length),
    workers: workers.length,
    silent: workers
      .filter(({ state }) => state === "down")
      .map(({ name, lastSeenAt }) => ({ name, lastSeenAt: lastSeenAt?.toISOString() ?? null })),
  };
}
