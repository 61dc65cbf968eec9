import type { QueueEntry, QueueState } from "#core/contract/queue.ts";
import type { SpoolEnvelope } from "./spool.ts";

/** What became of each recipient so far, one letter each in the envelope's order: p pending, d delivered, f failed, b failed and its sender was told. */
export type Outcomes = string;

/** What changes about a queued message. Times in milliseconds since 1970. */
export type Progress = {
  state: QueueState;
  outcomes: Outcomes;
  attempts: number;
  lastReply: string | null;
  lastAttemptAt: number | null;
  nextAttemptAt: number | null;
  /** The last attempt reached no server: worth another one as soon as the route is reached again. */
  unreached: boolean;
  /** How often its sender was told that it waits. */
  notices: number;
};

/** A queued message in memory. Parameters and the message stay on disk. */
export type QueueRecord = Omit<SpoolEnvelope, "recipients" | "mailParameters" | "tls"> &
  Progress & {
    recipients: readonly string[];
    subject: string | null;
    bytes: number;
    /** A person's command that waits for the end of the attempt under way. */
    afterAttempt: "hold" | "delete" | null;
  };

export function newProgress(recipientCount: number): Progress {
  return {
    state: "ready",
    outcomes: "p".repeat(recipientCount),
    attempts: 0,
    lastReply: null,
    lastAttemptAt: null,
    nextAttemptAt: null,
    unreached: false,
    notices: 0,
  };
}

export function newRecord(
  envelope: SpoolEnvelope,
  subject: string | null,
  bytes: number,
  progress: Progress,
): QueueRecord {
  const { id, receivedAt, interface: from, policy, route, revision, sender, recipients } = envelope;
  const addresses = recipients.map(({ address }) => address);
  const place = { interface: intern(from), policy: intern(policy), route: intern(route) };
  return {
    id,
    receivedAt,
    ...place,
    revision,
    sender,
    recipients: addresses,
    subject,
    bytes,
    ...progress,
    afterAttempt: null,
  };
}

/** The record in the words of the contract. */
export function toEntry(record: QueueRecord): QueueEntry {
  const { id, policy, route, revision, sender, subject, bytes, state, attempts, lastReply } = record;
  const wanted = state === "failed" ? "fb" : "p";
  return {
    id,
    receivedAt: iso(record.receivedAt),
    interface: record.interface,
    policy,
    route,
    revision,
    sender,
    recipients: record.recipients.filter((_, index) => wanted.includes(record.outcomes[index] ?? "")),
    subject,
    bytes,
    state,
    attempts,
    lastReply,
    lastAttemptAt: record.lastAttemptAt === null ? null : iso(record.lastAttemptAt),
    nextAttemptAt: record.nextAttemptAt === null ? null : iso(record.nextAttemptAt),
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Names of interfaces, policies and routes repeat in every record: one string each. */
const interned = new Map<string, string>();
const internedMax = 10_000;

function intern(text: string): string {
  const known = interned.get(text);
  if (known !== undefined) return known;
  if (interned.size < internedMax) interned.set(text, text);
  return text;
}
