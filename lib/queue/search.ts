import { z } from "zod";
import { queueCauseSchema, queueStateSchema } from "#core/contract/queue.ts";
import { cursorSchema, searchTextSchema } from "#lib/search.ts";

const minuteMs = 60_000;

/** Spans of age that the queue is told apart by, youngest first; each ends where the next begins. */
export const queueAges = [
  { age: "5m", untilMs: 5 * minuteMs },
  { age: "15m", untilMs: 15 * minuteMs },
  { age: "1h", untilMs: 60 * minuteMs },
  { age: "4h", untilMs: 240 * minuteMs },
  { age: "1d", untilMs: 1_440 * minuteMs },
  { age: "older", untilMs: null },
] as const;
export type QueueAge = (typeof queueAges)[number]["age"];

const entryId = /^[^~\0]{1,64}$/;
const nameAsked = z
  .string()
  .regex(/^[^\0]*$/)
  .min(1)
  .max(255)
  .nullable();
const stateAsked = queueStateSchema.nullable();
const causeAsked = queueCauseSchema.nullable();
const ageAsked = z.enum(queueAges.map(({ age }) => age)).nullable();

/** What a search of the queue asks; null asks nothing. Strict: a command on what it finds must not mean more than was said. */
export const queueFilterSchema = z.strictObject({
  /** In the sender, a recipient, the subject, the id or the last reply. */
  text: z
    .string()
    .regex(/^[^\0]*$/)
    .min(1)
    .max(320)
    .nullable(),
  route: nameAsked,
  destination: nameAsked,
  state: stateAsked,
  cause: causeAsked,
  age: ageAsked,
  /** As readScope takes it. */
  interface: nameAsked,
});
export type QueueFilter = z.infer<typeof queueFilterSchema>;

/** In which order the list stands. */
export const queueSorts = ["oldest", "newest", "next", "largest", "attempts"] as const;
export type QueueSort = (typeof queueSorts)[number];

/** How far back the charts go. */
const queueSpans = ["hour", "day", "week"] as const;
export type QueueSpan = (typeof queueSpans)[number];

/** What the address of the Queue page can ask; anything that is not understood asks nothing. */
export const queueSearchSchema = z.object({
  text: searchTextSchema,
  route: searchTextSchema,
  destination: searchTextSchema,
  state: stateAsked.catch(null).default(null),
  cause: causeAsked.catch(null).default(null),
  age: ageAsked.catch(null).default(null),
  interface: searchTextSchema,
  sort: z.enum(queueSorts).nullable().catch(null).default(null),
  /** Of the charts; null: an hour. */
  span: z.enum(queueSpans).nullable().catch(null).default(null),
  /** Of the charts: one route, and one worker by its id. */
  spanRoute: searchTextSchema,
  spanWorker: searchTextSchema,
  /** The last row of the page before. */
  after: cursorSchema(entryId),
  /** The message whose drawer is open. */
  open: z.string().regex(entryId).nullable().catch(null).default(null),
});
export type QueueSearch = z.infer<typeof queueSearchSchema>;

/** The part of a search that says what is found. */
export function filterOf({
  sort: _sort,
  span: _span,
  spanRoute: _spanRoute,
  spanWorker: _spanWorker,
  after: _after,
  open: _open,
  ...filter
}: QueueSearch): QueueFilter {
  return filter;
}
