import type { ScannerStatus } from "#core/contract/scanner.ts";

/** What is scanned. */
export type ScanSubject = {
  /** In memory, or from where it lies: from the start at each call. No piece changes afterwards. */
  content: readonly Uint8Array[] | (() => AsyncIterable<Uint8Array>);
  /** How many bytes the pieces have together. */
  bytes: number;
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
  kind: "part" | "message";
  envelope?: ScanEnvelope;
};

/** What a spam scanner is told of where a message comes from and goes to. Null: not known; the null sender is "". */
export type ScanEnvelope = {
  clientAddress: string;
  /** By reverse DNS. */
  clientName: string | null;
  helo: string | null;
  sender: string;
  recipients: readonly string[];
  /** Who logged in. */
  user: string | null;
  queueId: string;
};

/**
 * timeout: it did not answer in time, or others took all of it. unreachable: no connection. protocol: what it said is no answer.
 * too-large: above the scanner's size limit, and never sent, or refused by it for its size. encrypted: it could not look inside.
 * limit: too deep or too much for it, or too many scans wait. unreadable: the content could not be read on our side.
 */
export type ScanFailureCause =
  | "timeout"
  | "unreachable"
  | "protocol"
  | "too-large"
  | "encrypted"
  | "limit"
  | "unreadable";

/** `detail` is one sentence of printable ASCII, for people who run Postern, never for a client. */
export type ScanFailure = { result: "failed"; why: ScanFailureCause; detail: string };

/** What a rule of the scanner found; null: the scanner does not say what it counts. */
export type ScanSymbol = { name: string; score: number | null };

/** What a scanner says of a message or part. Every text in it is printable ASCII and bounded. */
export type ScanResult =
  | { result: "clean" }
  /** Malware; at least one name. */
  | { result: "found"; names: readonly string[] }
  /** Spam. `action` is the scanner's advice in its own words ("soft reject", "add header"); null: it gives none. */
  | { result: "scored"; score: number; threshold: number | null; action: string | null; symbols: readonly ScanSymbol[] }
  | ScanFailure;

/** `ms`: from the call to the answer, waiting included. `cached`: the scanner said so before of the same content. */
export type ScanReport = ScanResult & { ms: number; cached: boolean };

export interface Scanner {
  readonly name: string;
  /** Calls back once, perhaps before it returns. The function that it gives ends the scan without an answer; it may be called at any time. */
  scan(subject: ScanSubject, done: (report: ScanReport) => void): () => void;
  /** Takes no new scans; those under way and in line are still answered, then its connections end. May be called twice. */
  close(): void;
  status(): ScannerStatus;
}

/** What speaks to one kind of scanner. It keeps connections, but neither time limits nor a line of waiting scans. */
export interface ScanEngine {
  readonly version: string | null;
  readonly signaturesAt: Date | null;
  /** Scans at once that the scanner allows; null: it does not say. */
  readonly connectionsAllowed: number | null;
  /** What a kept verdict depends on besides the content; null: this one is not to be kept. */
  verdictKey(subject: ScanSubject): string | null;
  /** Calls back once, unless the function that it gives was called before: that ends it. */
  ask(subject: ScanSubject, done: (result: ScanResult) => void): () => void;
  /** Sees whether the scanner serves, and takes note of what it says of itself. Null: it does. */
  check(done: (failure: ScanFailure | null) => void): () => void;
  /** Ends connections that are not in use, and the others with what they do. */
  close(): void;
}
