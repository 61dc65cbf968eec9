import { z } from "zod";

/** What a page can depend on; a change names the topics it touched, never the data. */
export const topicSchema = z.enum([
  "overview",
  "queue",
  "quarantine",
  "messages",
  "workers",
  "draft",
  "replay",
  "audit",
  "people",
]);
export type Topic = z.infer<typeof topicSchema>;

export const changeSchema = z.object({ topics: z.array(topicSchema) });
export type Change = z.infer<typeof changeSchema>;

export const liveChannel = "postern";
