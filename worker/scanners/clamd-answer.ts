import { failed, foundNames, scannerText } from "./scan-words.ts";
import type { ScanResult } from "./scanner.ts";

/** What clamd says of the file in an INSTREAM, without number and NUL: `stream: OK`, `stream: Name FOUND`, `… ERROR`. */
export function readClamdVerdict(said: string): ScanResult {
  if (/^INSTREAM size limit exceeded/i.test(said)) {
    return failed("too-large", "clamd takes no more (its StreamMaxLength)");
  }
  const verdict = said.replace(/^stream: /, "");
  if (verdict === "OK") return { result: "clean" };
  const [, name] = /^(\S.*) FOUND$/s.exec(verdict) ?? [];
  if (name !== undefined) return readFinding(name);
  return failed("protocol", `clamd says: ${scannerText(said)}`);
}

/** Set AlertEncrypted or AlertExceedsMax, and clamd says as a finding that it did not look everywhere. */
function readFinding(name: string): ScanResult {
  if (/^Heuristics\.Encrypted\./i.test(name)) return failed("encrypted", `clamd says: ${scannerText(name)}`);
  if (/^Heuristics\.Limits\.Exceeded/i.test(name)) return failed("limit", `clamd says: ${scannerText(name)}`);
  return { result: "found", names: foundNames([name]) };
}

export type ClamdVersion = { version: string; signaturesAt: Date | null };

/** `ClamAV 1.4.6/27500/Thu Nov 26 09:30:00 2026`; without signatures of its makers only the first part. Null: it is none. */
export function readClamdVersion(said: string): ClamdVersion | null {
  if (!said.startsWith("ClamAV ")) return null;
  const [, , date] = said.split("/", 3);
  // clamd writes its local time without a zone; it is a day that people look at.
  const at = date === undefined ? Number.NaN : Date.parse(`${date} UTC`);
  return { version: scannerText(said), signaturesAt: Number.isNaN(at) ? null : new Date(at) };
}
