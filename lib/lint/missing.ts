import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { type Missing, namedOutside } from "#core/policy/lint/lint-missing.ts";
import type { Transaction } from "#lib/db.ts";
import { listWorkers } from "#lib/workers/queries.ts";

/** What the draft names and does not hold, and which is not there: with who deleted it, or which workers that are heard have not got it. */
export async function readMissing(tx: Transaction, draft: PolicyDocument, now: Date): Promise<Missing[]> {
  const named = namedOutside(draft);
  const namesOf = (kind: Missing["kind"]) => [...new Set(named.flatMap((one) => (one.kind === kind ? one.name : [])))];
  const where = (kind: Missing["kind"]) => ({ where: { name: { in: namesOf(kind) } }, select: { name: true } });
  const credentials = await tx.credential.findMany(where("credential"));
  const keys = await tx.signingKey.findMany(where("signing key"));
  return [
    ...(await deletedOnes(tx, "credential", namesOf("credential"), credentials)),
    ...(await deletedOnes(tx, "signing key", namesOf("signing key"), keys)),
    ...(await missingCertificates(namesOf("certificate"), now)),
  ];
}

type Kept = readonly { name: string }[];

async function deletedOnes(
  tx: Transaction,
  kind: "credential" | "signing key",
  names: readonly string[],
  kept: Kept,
): Promise<Missing[]> {
  const known = new Set(kept.map(({ name }) => name));
  const gone = names.filter((name) => !known.has(name));
  if (gone.length === 0) return [];
  const rows = await tx.auditEntry.findMany({
    where: {
      action: `${kind === "credential" ? "credential" : "signing-key"}.delete`,
      object: { in: gone.map((name) => `${kind} "${name}"`) },
    },
    orderBy: { sequence: "desc" },
    select: { object: true, actor: true, at: true },
  });
  return gone.map((name) => {
    const last = rows.find(({ object }) => object === `${kind} "${name}"`);
    return {
      kind,
      name,
      deleted: last === undefined ? null : { by: last.actor, at: last.at.toISOString() },
      workers: [],
    };
  });
}

async function missingCertificates(names: readonly string[], now: Date): Promise<Missing[]> {
  if (names.length === 0) return [];
  const heard = (await listWorkers(now)).filter(({ state, status }) => state !== "down" && status !== null);
  return names.flatMap((name): Missing[] => {
    const workers = heard.filter(({ status }) => !status?.certificates.some((one) => one.name === name));
    const without = workers.map((worker) => worker.name);
    return without.length === 0 ? [] : [{ kind: "certificate", name, deleted: null, workers: without }];
  });
}
