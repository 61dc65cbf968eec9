import { z } from "zod";
import { verdictSchema } from "#core/contract/decision.ts";
import { outcomeSchema } from "#core/contract/event.ts";
import { askedZoneSchema } from "#core/contract/wall-clock.ts";
import { cursorSchema, daySchema, rangeSchema, searchTextSchema } from "#lib/search.ts";

const eventId = /^[\w-]{1,64}$/;

const replaySchema = z
  .string()
  .regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.\d{1,3}$/)
  .nullable()
  .catch(null)
  .default(null);

/** What the address of the Messages page can ask; anything that is not understood asks nothing. */
export const messageSearchSchema = z.object({
  /** In the subject, the id or the Message-ID. */
  text: searchTextSchema,
  sender: searchTextSchema,
  recipient: searchTextSchema,
  /** Who logged in. */
  user: searchTextSchema,
  /** A rule's id, or part of its name. */
  rule: searchTextSchema,
  interface: searchTextSchema,
  verdict: verdictSchema.nullable().catch(null).default(null),
  /** `session`: sessions that ended before any message. */
  outcome: outcomeSchema.or(z.literal("session")).nullable().catch(null).default(null),
  /** Only what rang an alarm. */
  alarm: z.literal("yes").nullable().catch(null).default(null),
  /** Those that get another verdict in a replay: its id and which of its changes. */
  replay: replaySchema,
  range: rangeSchema,
  /** Days of the zone, both included. */
  from: daySchema,
  until: daySchema,
  zone: askedZoneSchema,
  /** The last row of the page before. */
  after: cursorSchema(eventId),
});
export type MessageSearch = z.infer<typeof messageSearchSchema>;
