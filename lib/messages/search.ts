import { z } from "zod";
import { verdictSchema } from "#core/contract/decision.ts";
import { outcomeSchema } from "#core/contract/event.ts";
import { cursorSchema, searchTextSchema } from "#lib/search.ts";

/** How far back a search looks; relative, so that a copied address stays so. */
export const rangeHours = { hour: 1, day: 24, week: 168, month: 720 } as const;

const eventId = /^[\w-]{1,64}$/;
const dayOf = z.iso.date().nullable().catch(null).default(null);

/** What the address of the Messages page can ask; anything that is not understood asks nothing. */
export const messageSearchSchema = z.object({
  /** In the subject, the id or the Message-ID. */
  text: searchTextSchema,
  sender: searchTextSchema,
  recipient: searchTextSchema,
  /** A rule's id, or part of its name. */
  rule: searchTextSchema,
  interface: searchTextSchema,
  verdict: verdictSchema.nullable().catch(null).default(null),
  /** `session`: sessions that ended before any message. */
  outcome: outcomeSchema.or(z.literal("session")).nullable().catch(null).default(null),
  /** Only what rang an alarm. */
  alarm: z.literal("yes").nullable().catch(null).default(null),
  range: z.enum(["hour", "day", "week", "month"]).nullable().catch(null).default(null),
  /** Days in UTC, both included. */
  from: dayOf,
  until: dayOf,
  /** The last row of the page before. */
  after: cursorSchema(eventId),
});
export type MessageSearch = z.infer<typeof messageSearchSchema>;
