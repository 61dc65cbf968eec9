import { z } from "zod";
import { queueStateSchema } from "#core/contract/queue.ts";

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
const cursorPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~([^~\0]{1,64})$/;

/** What the address of the Queue page can ask; anything that is not understood asks nothing. */
export const queueSearchSchema = z.object({
  /** In the sender, a recipient, the subject, the id or the last reply. */
  text,
  route: text,
  state: queueStateSchema.nullable().catch(null).default(null),
  /** The last row of the page before. */
  after: z
    .string()
    .refine((cursor) => readCursor(cursor) !== null)
    .nullable()
    .catch(null)
    .default(null),
});
export type QueueSearch = z.infer<typeof queueSearchSchema>;

/** The place after which a page begins. */
export type Cursor = { receivedAt: Date; id: string };

export function writeCursor({ receivedAt, id }: Cursor): string {
  return `${receivedAt.toISOString()}~${id}`;
}

export function readCursor(cursor: string | null): Cursor | null {
  const [, receivedAt, id] = cursorPattern.exec(cursor ?? "") ?? [];
  if (receivedAt === undefined || id === undefined || Number.isNaN(Date.parse(receivedAt))) return null;
  return { receivedAt: new Date(receivedAt), id };
}
