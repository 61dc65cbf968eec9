import type { CertificateStatus } from "#core/contract/certificate.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { database } from "#lib/db.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { listWorkers } from "#lib/workers/queries.ts";
import { type Validity, validityAt } from "./expiry.ts";

/** A listener that names a certificate. `first`: it serves clients that ask for no name. */
export type CertificateUser = { policy: string; listener: string; first: boolean; published: boolean };

export type CertificateView = {
  worker: string;
  /** False: what it last said is old. */
  heard: boolean;
  status: CertificateStatus;
  /** Null while none is in use. */
  validity: Validity | null;
  users: CertificateUser[];
};
/** A listener names it, and a worker that is heard has not. */
export type MissingCertificate = { name: string; workers: string[]; users: CertificateUser[] };
export type Certificates = { certificates: CertificateView[]; missing: MissingCertificate[]; workers: number };

/** The certificates of every worker at `now`, and those that they lack. */
export async function readCertificates(now: Date): Promise<Certificates> {
  const draft = await readDraft(database());
  const live = await liveRevision(database());
  const users = certificateUsers(draft, live === null ? null : parseRevision(live));
  const workers = await listWorkers(now);
  const certificates = workers.flatMap(({ name: worker, state, status }) =>
    (status?.certificates ?? []).map((certificate) => ({
      worker,
      heard: state !== "down",
      status: certificate,
      validity: certificate.inUse === null ? null : validityAt(certificate.inUse, now),
      users: users.get(certificate.name) ?? [],
    })),
  );
  const heard = workers.filter(({ state, status }) => state !== "down" && status !== null);
  const missing = [...users].flatMap(([name, named]) => {
    const without = heard.filter(({ status }) => !status?.certificates.some((one) => one.name === name));
    return without.length === 0 ? [] : [{ name, workers: without.map((worker) => worker.name), users: named }];
  });
  return { certificates, missing, workers: workers.length };
}

/** The listeners of enabled policies that name each certificate: of the draft, and those that are only in the live revision. */
function certificateUsers(draft: PolicyDocument, live: PolicyDocument | null): Map<string, CertificateUser[]> {
  const users = new Map<string, CertificateUser[]>();
  const published = new Map(listenersOf(live).map((one) => [keyOf(one), one]));
  const drafted = listenersOf(draft);
  const known = new Set(drafted.map(keyOf));
  for (const one of [...drafted, ...[...published.values()].filter((old) => !known.has(keyOf(old)))]) {
    const { certificate, policy, listener, first } = one;
    const user = { policy, listener, first, published: published.has(keyOf(one)) };
    users.set(certificate, [...(users.get(certificate) ?? []), user]);
  }
  return users;
}

type NamedAt = { certificate: string; policy: string; listener: string; first: boolean };

function listenersOf(document: PolicyDocument | null): NamedAt[] {
  const policies = document?.policies.filter(({ enabled }) => enabled) ?? [];
  return policies.flatMap(({ name: policy, listen }) =>
    listen.flatMap(({ address, port, tls }) =>
      (tls === undefined || tls.mode === "none" ? [] : tls.certificates).map((certificate, index) => {
        const listener = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
        return { certificate, policy, listener, first: index === 0 };
      }),
    ),
  );
}

function keyOf({ certificate, policy, listener }: NamedAt): string {
  return JSON.stringify([certificate, policy, listener]);
}
