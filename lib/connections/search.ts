import { z } from "zod";
import { connectionEndSchema } from "#core/contract/event.ts";
import { askedZoneSchema } from "#core/contract/wall-clock.ts";
import { cursorSchema, daySchema, rangeSchema, searchTextSchema } from "#lib/search.ts";

const eventId = /^[\w-]{1,64}$/;

/** What the address of the Connections page can ask; anything that is not understood asks nothing. */
export const connectionSearchSchema = z.object({
  /** In the client's address, the id, or the cause. */
  text: searchTextSchema,
  user: searchTextSchema,
  protocol: z.enum(["smtp", "pop3"]).nullable().catch(null).default(null),
  interface: searchTextSchema,
  /** `none`: not taken, so that no session began. */
  end: connectionEndSchema.or(z.literal("none")).nullable().catch(null).default(null),
  /** Only what rang an alarm. */
  alarm: z.literal("yes").nullable().catch(null).default(null),
  range: rangeSchema,
  /** Days of the zone, both included. */
  from: daySchema,
  until: daySchema,
  zone: askedZoneSchema,
  /** The last row of the page before. */
  after: cursorSchema(eventId),
});
export type ConnectionSearch = z.infer<typeof connectionSearchSchema>;
