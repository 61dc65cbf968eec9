import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { type CertificateStatus, certificateNamesMax } from "#core/contract/certificate.ts";

export type CertificateFiles = { name: string; certFile: string; keyFile: string };

/** One of the worker's certificates with its key. A new object each time that it is read. */
export type LoadedCertificate = { name: string; cert: Buffer; key: Buffer; leaf: X509Certificate };

export type CertificateReports = {
  loaded(name: string, validTo: string): void;
  /** It cannot be used; the one from before, where there is one, stays in use. */
  failed(name: string, reason: string): void;
};

/** How often the files are looked at, in milliseconds. */
export const lookEveryMs = 3_000;

type Entry = {
  files: CertificateFiles;
  stamp: string;
  loaded: LoadedCertificate | null;
  /** Milliseconds since 1970. */
  loadedAt: number;
  problem: string | null;
};

/** The certificates that worker.yaml names, read again when their files change. */
export class CertificateStore {
  readonly #entries: Map<string, Entry>;
  readonly #reports: CertificateReports;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;

  constructor(files: readonly CertificateFiles[], reports: CertificateReports, now: () => number) {
    this.#reports = reports;
    this.#now = now;
    const unread = { stamp: "", loaded: null, loadedAt: 0, problem: null };
    this.#entries = new Map(files.map((one) => [one.name, { files: one, ...unread }]));
    this.look();
  }

  /** Null: there is none of that name, or it cannot be used. */
  get(name: string): LoadedCertificate | null {
    return this.#entries.get(name)?.loaded ?? null;
  }

  /** Every certificate as the console shows it. */
  status(): CertificateStatus[] {
    return Array.from(this.#entries.values(), ({ files: { name }, loaded, loadedAt, problem }) => {
      return { name, inUse: loaded === null ? null : leafStatus(loaded.leaf, loadedAt), problem };
    });
  }

  /** Looks now and then until `stop`. */
  start(): void {
    if (this.#entries.size > 0) this.#timer ??= setInterval(() => this.look(), lookEveryMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Reads what has changed since the last look. */
  look(): void {
    for (const entry of this.#entries.values()) {
      const { name } = entry.files;
      try {
        const stamp = stampOf(entry.files);
        if (stamp === entry.stamp) continue;
        // Also after a failure: the same broken files are told once.
        entry.stamp = stamp;
        entry.loaded = load(entry.files);
        entry.loadedAt = this.#now();
        entry.problem = null;
        this.#reports.loaded(name, entry.loaded.leaf.validTo);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (entry.stamp === reason) continue;
        if (isMissing(error)) entry.stamp = reason;
        entry.problem = reason;
        this.#reports.failed(name, reason);
      }
    }
  }
}

function leafStatus(leaf: X509Certificate, loadedAt: number): NonNullable<CertificateStatus["inUse"]> {
  return {
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    // Node quotes a name that has a comma in it.
    names: (leaf.subjectAltName?.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [])
      .slice(0, certificateNamesMax)
      .map((name) => name.trim()),
    validFrom: leaf.validFromDate.toISOString(),
    validTo: leaf.validToDate.toISOString(),
    fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
    loadedAt: new Date(loadedAt).toISOString(),
  };
}

/** Node writes one attribute a line. */
function oneLine(name: string): string {
  return name.split("\n").join(", ");
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function stampOf({ certFile, keyFile }: CertificateFiles): string {
  return [certFile, keyFile]
    .map((path) => {
      const { mtimeMs, size, ino, mode } = statSync(path);
      return `${mtimeMs} ${size} ${ino} ${mode}`;
    })
    .join(", ");
}

function load({ name, certFile, keyFile }: CertificateFiles): LoadedCertificate {
  if ((statSync(keyFile).mode & 0o077) !== 0) throw new Error(`${keyFile} may be read by others: chmod 600`);
  const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
  // Throws when the key is another certificate's.
  createSecureContext({ cert, key });
  return { name, cert, key, leaf: new X509Certificate(cert) };
}
