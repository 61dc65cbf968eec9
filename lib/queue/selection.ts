import { z } from "zod";
import { replyText } from "#core/contract/action.ts";
import { queueCommandIdsMax } from "#core/contract/control-api.ts";
import { queueCommandSchema } from "#core/contract/queue.ts";

/** A command for messages in the queue: each is named by its worker and its id. */
export const queueSelectionSchema = z.strictObject({
  command: queueCommandSchema,
  /** Of a return: what senders are told. */
  text: replyText.optional(),
  entries: z
    .array(z.strictObject({ workerId: z.string().min(1).max(64), id: z.string().min(1).max(64) }))
    .min(1, "Select at least one message.")
    .max(queueCommandIdsMax, `At most ${queueCommandIdsMax} messages at once.`),
});
export type QueueSelection = z.infer<typeof queueSelectionSchema>;

/** What became of a command for one message; `reason` says why it was not done. */
export type QueueCommandResult = { workerId: string; id: string; done: boolean; reason: string | null };
