import { z } from "zod";
import { queueStateSchema } from "#core/contract/queue.ts";
import { cursorSchema, searchTextSchema } from "#lib/search.ts";

const entryId = /^[^~\0]{1,64}$/;

/** What the address of the Queue page can ask; anything that is not understood asks nothing. */
export const queueSearchSchema = z.object({
  /** In the sender, a recipient, the subject, the id or the last reply. */
  text: searchTextSchema,
  route: searchTextSchema,
  state: queueStateSchema.nullable().catch(null).default(null),
  /** The last row of the page before. */
  after: cursorSchema(entryId),
});
export type QueueSearch = z.infer<typeof queueSearchSchema>;
