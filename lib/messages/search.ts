import { z } from "zod";
import { verdictSchema } from "#core/contract/decision.ts";
import { outcomeSchema } from "#core/contract/event.ts";

/** How far back a search looks; relative, so that a copied address stays so. */
export const rangeHours = { hour: 1, day: 24, week: 168, month: 720 } as const;

// Postgres takes no NUL.
const text = z
  .string()
  .trim()
  .min(1)
  .max(320)
  .regex(/^[^\0]*$/)
  .nullable()
  .catch(null)
  .default(null);
const cursorPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~([\w-]{1,64})$/;
const dayOf = z.iso.date().nullable().catch(null).default(null);

/** What the address of the Messages page can ask; anything that is not understood asks nothing. */
export const messageSearchSchema = z.object({
  /** In the subject, the id or the Message-ID. */
  text,
  sender: text,
  recipient: text,
  /** A rule's id, or part of its name. */
  rule: text,
  interface: text,
  verdict: verdictSchema.nullable().catch(null).default(null),
  /** `session`: sessions that ended before any message. */
  outcome: outcomeSchema.or(z.literal("session")).nullable().catch(null).default(null),
  range: z.enum(["hour", "day", "week", "month"]).nullable().catch(null).default(null),
  /** Days in UTC, both included. */
  from: dayOf,
  until: dayOf,
  /** The last row of the page before. */
  after: z
    .string()
    .refine((cursor) => readCursor(cursor) !== null)
    .nullable()
    .catch(null)
    .default(null),
});
export type MessageSearch = z.infer<typeof messageSearchSchema>;

/** The place after which a page begins. */
export type Cursor = { at: Date; id: string };

export function writeCursor({ at, id }: Cursor): string {
  return `${at.toISOString()}~${id}`;
}

export function readCursor(cursor: string | null): Cursor | null {
  const [, at, id] = cursorPattern.exec(cursor ?? "") ?? [];
  return at === undefined || id === undefined || Number.isNaN(Date.parse(at)) ? null : { at: new Date(at), id };
}
