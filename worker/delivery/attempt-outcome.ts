import type { DeliveryEvent } from "#core/contract/event.ts";
import type { SenderNotices, SmtpRoute } from "#core/contract/policy-document.ts";
import { delayNoticesMs, retryWaitsMs } from "#core/contract/retry-schedule.ts";
import type { Progress, QueueRecord } from "../spool/queue-record.ts";
import type { RecipientResult, SendResult } from "../upstream/smtp-send.ts";
import { queueCause } from "./queue-cause.ts";

/** Kept of a reply. */
export const lastReplyCharactersMax = 500;

/** Waits are lengthened by up to this part, so that what failed together is not tried together. */
export const jitter = 0.1;

export type AttemptTerms = {
  /** The route's retry schedule, in milliseconds. */
  waitsMs: readonly number[];
  /** How long the message is tried, in milliseconds. */
  lifetimeMs: number;
  now: number;
  /** At least 0, less than 1. */
  random: number;
  /** Whether a message that reached no server is due again as soon as its route is reached. */
  wakes: boolean;
};

export type AttemptOutcome = { progress: Progress; result: DeliveryEvent["result"]; reply: string };

/** Positions of the recipients that an attempt is for. */
export function pendingRecipients(record: Pick<QueueRecord, "outcomes">): number[] {
  return Array.from(record.outcomes).flatMap((outcome, index) => (outcome === "p" ? [index] : []));
}

/** What a finished attempt makes of a message; `result.recipients` are those at `positions`, in that order. */
export function attemptOutcome(
  record: Readonly<QueueRecord>,
  positions: readonly number[],
  result: SendResult,
  { waitsMs, lifetimeMs: lifetime, now, random, wakes }: AttemptTerms,
): AttemptOutcome {
  const outcomes = Array.from(record.outcomes);
  for (const [index, position] of positions.entries()) {
    const status = result.recipients[index]?.status ?? "deferred";
    if (status !== "deferred") outcomes[position] = status === "delivered" ? "d" : "f";
  }
  const attempts = record.attempts + 1;
  const waiting = outcomes.includes("p");
  const givenUp = waiting && now - record.receivedAt >= lifetime;
  const final = givenUp ? outcomes.map((outcome) => (outcome === "p" ? "f" : outcome)) : outcomes;
  const telling = tellingResult(result);
  const upstreamReply = cleanReply(telling?.reply ?? "");
  const reply = givenUp ? `${upstreamReply} (given up: the retry schedule has run out)` : upstreamReply;
  const waitMs = waitsMs[Math.min(attempts, waitsMs.length) - 1] ?? 0;
  const state = waiting && !givenUp ? "deferred" : "failed";
  const progress: Progress = {
    state,
    outcomes: final.join(""),
    attempts,
    lastReply: reply,
    lastAttemptAt: now,
    nextAttemptAt: state === "deferred" ? Math.round(now + waitMs * (1 + jitter * random)) : null,
    unreached: wakes && result.upstream === null,
    notices: record.notices,
    cause: givenUp ? "expired" : telling?.failure ? queueCause(telling.failure) : null,
    rerouted: record.rerouted,
  };
  const failed = final.includes("f");
  return { progress, reply, result: state === "deferred" ? "deferred" : failed ? "failed" : "delivered" };
}

/** For a message whose route the policy no longer names: five days, as the default schedule. */
export const waitsWithoutRoute = retryWaitsMs("5m,1h*24,4h*24") ?? [];

/** What a schedule says, read once: a route that is down asks for every message that it passes over. */
type Schedule = { waitsMs: readonly number[]; wholeMs: number };
const schedules = new WeakMap<Pick<SmtpRoute, "retrySchedule">, Schedule>();
const withoutRoute: Schedule = { waitsMs: waitsWithoutRoute, wholeMs: sum(waitsWithoutRoute) };

function scheduleOf(route: Pick<SmtpRoute, "retrySchedule"> | null): Schedule {
  if (route === null) return withoutRoute;
  const known = schedules.get(route);
  if (known !== undefined) return known;
  const waitsMs = retryWaitsMs(route.retrySchedule) ?? [];
  const read = { waitsMs, wholeMs: sum(waitsMs) };
  schedules.set(route, read);
  return read;
}

/** The waits of a route; null: the policy no longer names it. */
export function waitsOf(route: Pick<SmtpRoute, "retrySchedule"> | null): readonly number[] {
  return scheduleOf(route).waitsMs;
}

/** How long a message is tried: as long as the schedule goes, without a sender perhaps less. */
export function lifetimeMs(
  route: Pick<SmtpRoute, "retrySchedule" | "nullSenderHours"> | null,
  hasSender: boolean,
): number {
  const whole = scheduleOf(route).wholeMs;
  return !hasSender && route !== null ? Math.min(whole, route.nullSenderHours * 3_600_000) : whole;
}

/** How many times the sender of a message of that age was to hear that it waits. */
export function delayNoticesDue(settings: Pick<SenderNotices, "delayedAfter"> | undefined, ageMs: number): number {
  return (delayNoticesMs(settings?.delayedAfter ?? "") ?? []).filter((delay) => ageMs >= delay).length;
}

/** What explains most: the first that stands in the way of a recipient. */
function tellingResult({ recipients }: SendResult): RecipientResult | undefined {
  return recipients.find(({ status }) => status !== "delivered") ?? recipients[0];
}

/** Control characters out, length cut. */
export function cleanReply(reply: string): string {
  return reply.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, lastReplyCharactersMax);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
