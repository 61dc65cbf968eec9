import { z } from "zod";
import { database } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import type { QueueSpan } from "./search.ts";

const minuteMs = 60_000;
const spans: Record<QueueSpan, { stepMs: number; steps: number }> = {
  hour: { stepMs: minuteMs, steps: 60 },
  day: { stepMs: 20 * minuteMs, steps: 72 },
  week: { stepMs: 120 * minuteMs, steps: 84 },
};

/** The queue over a minute or more: the most and the oldest that waited, and what came and went. Null: no worker told. */
export type QueueStep = {
  at: string;
  depth: number | null;
  oldestMs: number | null;
  arrivals: number;
  deliveries: number;
};

/** Whose queue; null: of every route, at every worker. */
export type QueueScope = { route: string | null; workerId: string | null };

/** The running step last. */
export type QueuePast = { span: QueueSpan; stepMs: number; steps: QueueStep[] };

const rowSchema = z.object({
  step: z.number(),
  depth: z.number().nullable(),
  oldestMs: z.number().nullable(),
  arrivals: z.number(),
  deliveries: z.number(),
});

/** What the queue was like over the span before `now`; of several workers their queues together. */
export async function readQueuePast(span: QueueSpan, scope: QueueScope, now: Date): Promise<QueuePast> {
  const { stepMs, steps } = spans[span];
  const first = (Math.floor(now.getTime() / stepMs) - steps + 1) * stepMs;
  const from = new Date(first);
  const ofWorker = scope.workerId === null ? Prisma.sql`TRUE` : Prisma.sql`"workerId" = ${scope.workerId}`;
  const found = await database().$queryRaw`
    WITH minutes AS (
      SELECT minute, sum(depth) AS depth, min("oldestAt") AS oldest, sum(arrivals) AS arrivals, sum(deliveries) AS deliveries
      FROM "QueueMinute" WHERE route = ${scope.route ?? ""} AND minute >= ${from} AND minute <= ${now} AND ${ofWorker}
      GROUP BY 1
    )
    SELECT floor(extract(epoch FROM minute - ${from}) * 1000 / ${stepMs})::int AS step, max(depth)::float8 AS depth,
           (max(extract(epoch FROM least(minute + interval '1 minute', ${now}) - oldest)) * 1000)::float8 AS "oldestMs",
           sum(arrivals)::float8 AS arrivals, sum(deliveries)::float8 AS deliveries
    FROM minutes GROUP BY 1`;
  const rows = new Map(
    z
      .array(rowSchema)
      .parse(found)
      .map(({ step, ...row }) => [step, row]),
  );
  const nothing = { depth: null, oldestMs: null, arrivals: 0, deliveries: 0 };
  return {
    span,
    stepMs,
    steps: Array.from({ length: steps }, (_, step) => ({
      at: new Date(first + step * stepMs).toISOString(),
      ...(rows.get(step) ?? nothing),
    })),
  };
}
