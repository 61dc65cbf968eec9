import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { QueueCause } from "#core/contract/queue.ts";
import type { PassedOver, QueueRecord } from "../spool/queue-record.ts";
import { delayNoticesDue, jitter, lifetimeMs, waitsOf } from "./attempt-outcome.ts";

/** What the last attempt said that reached no server of a route. */
export type RouteFailure = { lastReply: string; cause: QueueCause | null };

/**
 * How a due message waits while its route is down: until the route is reached, at most until its schedule would have it tried next. Null:
 * it is worth an attempt, since a person asked for one, or since its sender is to hear that it waits or that its time is over.
 */
export function passedOver(
  { isUrgent, hasSender, receivedAt, notices }: Readonly<QueueRecord>,
  route: Pick<SmtpRoute, "retrySchedule" | "nullSenderHours" | "senderNotices">,
  { lastReply, cause }: RouteFailure,
  { now, random }: { now: number; random: number },
): PassedOver | null {
  const age = Math.max(0, now - receivedAt);
  const isToBeTold = hasSender && delayNoticesDue(route.senderNotices, age) > notices;
  if (isUrgent || isToBeTold || age >= lifetimeMs(route, hasSender)) return null;
  let triedAt = 0;
  for (const waitMs of waitsOf(route)) {
    triedAt += waitMs;
    const leftMs = triedAt - age;
    if (leftMs > 0) return { lastReply, cause, nextAttemptAt: Math.round(now + leftMs + waitMs * jitter * random) };
  }
  return null;
}
