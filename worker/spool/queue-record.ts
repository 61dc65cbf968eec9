import type { QueueCause, QueueState } from "#core/contract/queue.ts";

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
  /** Why the last attempt did not bring it there; null: it was not tried, or that is not known. */
  cause: QueueCause | null;
  /** The route that a person chose in place of the envelope's; null: nobody did. */
  rerouted: string | null;
};

/** Why a message waits that is not tried while its route is down, and until when at most. */
export type PassedOver = Pick<Progress, "lastReply" | "cause" | "nextAttemptAt">;

/** A queued message as it is at a moment: what its delivery turns on. The rest is in its entry, and on disk. */
export type QueueRecord = Progress & {
  id: string;
  receivedAt: number;
  /** It goes by: the envelope's, or the one that it was rerouted to. */
  route: string;
  /** Where it goes: the route, by MX the domain of the first recipient still to be delivered. */
  destination: string;
  /** Of the message. */
  bytes: number;
  hasSender: boolean;
  /** A person asked for an attempt now, and none was made since; forgotten by a restart. */
  isUrgent: boolean;
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
    cause: null,
    rerouted: null,
  };
}

/** What to find after a crash: an attempt under way counts for nothing, a person's hold counts at once, and so that nothing is tried after it, does a delete. */
export function durableProgress(record: Readonly<QueueRecord>): Progress {
  const { outcomes, attempts, lastReply, lastAttemptAt, nextAttemptAt, unreached, notices, cause, rerouted } = record;
  const resting = record.state === "delivering" ? "deferred" : record.state;
  const state = record.afterAttempt === null ? resting : "held";
  return { state, outcomes, attempts, lastReply, lastAttemptAt, nextAttemptAt, unreached, notices, cause, rerouted };
}
