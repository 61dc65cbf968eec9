import { z } from "zod";
import { destinationRequestSchema, queueCommandIdsMax, queueCommandRequestSchema } from "#core/contract/control-api.ts";
import { queueFilterSchema } from "./search.ts";

/** A message in the queue, by its worker and its id. */
export const queueRefSchema = z.strictObject({ workerId: z.string().min(1).max(64), id: z.string().min(1).max(64) });
export type QueueRef = z.infer<typeof queueRefSchema>;

/** `text`: of a return, what senders are told. `route`: of a reroute. */
const commandShape = queueCommandRequestSchema.pick({ command: true, text: true, route: true }).shape;
const saysWhere = ({ command, route }: { command: string; route?: string | undefined }) =>
  command !== "reroute" || route !== undefined;
const lacksRoute = { message: "Say by which route they go.", path: ["route"] };

/** A command for messages in the queue that were chosen one by one. */
export const queueSelectionSchema = z
  .strictObject({
    ...commandShape,
    entries: z
      .array(queueRefSchema)
      .min(1, "Select at least one message.")
      .max(queueCommandIdsMax, `At most ${queueCommandIdsMax} messages at once.`),
  })
  .refine(saysWhere, lacksRoute);
export type QueueSelection = z.infer<typeof queueSelectionSchema>;

/** A command for everything that a search finds. */
export const queueJobSchema = z
  .strictObject({ ...commandShape, filter: queueFilterSchema })
  .refine(saysWhere, lacksRoute);
export type QueueJobOrder = z.infer<typeof queueJobSchema>;

export const queueJobRefSchema = z.strictObject({ jobId: z.uuid() });

/** A command for a destination, at all workers. */
export const destinationOrderSchema = destinationRequestSchema.omit({ by: true });
export type DestinationOrder = z.infer<typeof destinationOrderSchema>;

/** What became of a command for one message; `reason` says why it was not done. */
export type QueueCommandResult = QueueRef & { done: boolean; reason: string | null };
