import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";

/** Takes what a source gives. */
export type ContentTarget = {
  /** The next bytes, which do not change afterwards. False: nothing more before `resume`. */
  piece(bytes: Uint8Array): boolean;
  /** Called once, unless the reading was stopped: all of it was given, or why it ended early. */
  done(error: Error | null): void;
};
export type ContentReading = {
  /** Goes on after `piece` answered false. */
  resume(): void;
  /** Nothing more is given; twice does no harm. */
  stop(): void;
};
/** Bytes that can be read from their start, more than once. */
export type ContentSource = { bytes: number; read(target: ContentTarget): ContentReading };

/**
 * What somebody wants kept. `id`: the message's, or with `-n` for its part n; new in the quarantine. `days`: null is what the cause says.
 * `envelope`: where a release sends it, of an SMTP message and of a part of one; null for POP3.
 */
export type KeepRequest = Omit<
  QuarantineEntry,
  "bytes" | "sha256" | "keptAt" | "expiresAt" | "state" | "releasedTo"
> & { days: number | null; envelope: SpoolEnvelope | null };

/** What is kept for people to decide about, durable and encrypted, as sessions use it. `file-quarantine.ts` has the rest. */
export interface Quarantine {
  /**
   * Keeps the content, which is read once, until `done`. It is on disk when `done` gets the entry: only then may the client hear 250. After
   * an error (also: the quarantine is full) nothing is kept, and the client hears 451. What the same POP3 user fetches again because of the
   * same rule is kept once: the entry is that of the first time.
   */
  keep(
    what: KeepRequest,
    content: ContentSource,
    done: (error: Error | null, entry: QuarantineEntry | null) => void,
  ): void;
  /** Whether this content was released to this POP3 user: it goes to them as it is. `malware`: found in it now; who released it must have known of some. */
  isReleased(sha256: string, user: string, malware: readonly string[]): boolean;
  /** What is kept under the id, or null. */
  entry(id: string): QuarantineEntry | null;
}

export type KeptJudgement =
  /** `content`: the bytes that are sent on. */
  { goes: true; content: ContentSource } | { goes: false; reason: string };

/**
 * Judges a kept SMTP message or part again before it is released: scanners look anew, and only the rule `passOver` counts for nothing.
 * `malware`: what scanners find does not stop it either. An error: it could not be judged now.
 */
export type JudgeKept = (
  kept: {
    entry: QuarantineEntry;
    envelope: SpoolEnvelope;
    content: ContentSource;
    passOver: string | null;
    malware: boolean;
  },
  done: (error: Error | null, judgement: KeptJudgement | null) => void,
) => void;
