import { createHash } from "node:crypto";
import { onTestFinished } from "vitest";
import { type Scanner as ScannerSettings, scannerSchema } from "#core/contract/scanner.ts";
import { makeEngine } from "#worker/scanners/make-engine.ts";
import { QueuedScanner } from "#worker/scanners/queued-scanner.ts";
import type {
  ScanEngine,
  ScanEnvelope,
  Scanner,
  ScanReport,
  ScanResult,
  ScanSubject,
} from "#worker/scanners/scanner.ts";
import { silentLog } from "./worker-parts.ts";

/** What is scanned: text with one character a byte, or pieces. */
export function subjectOf(content: string | Uint8Array[], rest: Partial<ScanSubject> = {}): ScanSubject {
  const pieces = typeof content === "string" ? [Buffer.from(content, "latin1")] : content;
  const whole = Buffer.concat(pieces);
  const sha256 = createHash("sha256").update(whole).digest("hex");
  return { content: pieces, bytes: whole.length, sha256, kind: "part", ...rest };
}

export const scanEnvelope: ScanEnvelope = {
  clientAddress: "192.0.2.7",
  clientName: "mail.outside.test",
  helo: "helo.outside.test",
  sender: "a@outside.test",
  recipients: ["bob@inside.test", "eve@inside.test"],
  user: null,
  queueId: "01ABC",
};

export type ScannerInput = Partial<ScannerSettings> & Pick<ScannerSettings, "kind" | "at">;

export function scannerSettings(input: ScannerInput): ScannerSettings {
  return scannerSchema.parse({ name: `the ${input.kind}`, ...input });
}

/** A scanner as the worker makes it, closed with the test. */
export function testScanner(
  input: ScannerInput,
  rest: { now?: () => number; log?: typeof silentLog } = {},
): QueuedScanner {
  const settings = scannerSettings(input);
  const { now = Date.now, log = silentLog } = rest;
  const scanner = new QueuedScanner({ settings, engine: makeEngine(settings, now), log, now });
  onTestFinished(() => scanner.close());
  return scanner;
}

export function testEngine(input: ScannerInput): ScanEngine {
  const engine = makeEngine(scannerSettings(input), Date.now);
  onTestFinished(() => engine.close());
  return engine;
}

export function scanned(scanner: Scanner, subject: ScanSubject): Promise<ScanReport> {
  return new Promise((resolve) => scanner.scan(subject, resolve));
}

export function asked(engine: ScanEngine, subject: ScanSubject): Promise<ScanResult> {
  return new Promise((resolve) => engine.ask(subject, resolve));
}
