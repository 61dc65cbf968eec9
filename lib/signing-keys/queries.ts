import { database } from "#lib/db.ts";
import { listWorkers } from "#lib/workers/queries.ts";

export type SigningKeyView = {
  id: string;
  version: number;
  name: string;
  algorithm: string;
  active: boolean;
  /** Where its record stands, and what is in it. */
  recordName: string;
  record: string;
  madeAt: string;
  /** Which workers that are heard have it. */
  workers: { worker: string; heard: boolean; has: boolean }[];
};

/** The signing keys, without the keys themselves, with who has them at `now`. */
export async function readSigningKeys(now: Date): Promise<SigningKeyView[]> {
  const rows = await database().signingKey.findMany({ orderBy: [{ domain: "asc" }, { createdAt: "asc" }] });
  const workers = await listWorkers(now);
  return rows.map(({ id, version, name, algorithm, state, domain, selector, record, createdAt }) => ({
    id,
    version,
    name,
    algorithm,
    active: state === "active",
    recordName: `${selector}._domainkey.${domain}`,
    record,
    madeAt: createdAt.toISOString(),
    workers: workers.map((worker) => ({
      worker: worker.name,
      heard: worker.state !== "down" && worker.status !== null,
      has: worker.status?.signingKeys.includes(name) ?? false,
    })),
  }));
}

/** Their names, for choosing one. */
export async function signingKeyNames(): Promise<string[]> {
  const rows = await database().signingKey.findMany({ orderBy: { name: "asc" }, select: { name: true } });
  return rows.map(({ name }) => name);
}
