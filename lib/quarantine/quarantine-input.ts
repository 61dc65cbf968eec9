import { z } from "zod";
import { quarantineCommandIdsMax } from "#core/contract/quarantine.ts";
import { quarantineFilterSchema } from "./search.ts";

const idSchema = z.string().min(1).max(64);
const reasonSchema = z.string().trim().max(500);

/** Something kept, by its worker and its id. */
export const entryRefSchema = z.strictObject({ workerId: idSchema, id: idSchema });
export type EntryRef = z.infer<typeof entryRefSchema>;

const releaseShape = {
  command: z.literal("release"),
  reason: reasonSchema,
  /** Also what malware was found in: takes a permission and a reason. */
  malware: z.boolean(),
};
const deleteShape = { command: z.literal("delete"), reason: reasonSchema };

const entries = z
  .array(entryRefSchema)
  .min(1, "Select at least one entry.")
  .max(quarantineCommandIdsMax, `At most ${quarantineCommandIdsMax} entries at once.`);

/** A command for entries that were chosen one by one. `recipients` absent: all that do not have it yet. */
export const quarantineSelectionSchema = z
  .discriminatedUnion("command", [
    z.strictObject({
      ...releaseShape,
      entries,
      recipients: z.array(z.string().min(1).max(320)).min(1, "Choose at least one recipient.").max(1_000).optional(),
      /** Their senders go on the list of allowed senders as well. */
      allowSenders: z.boolean(),
    }),
    z.strictObject({ ...deleteShape, entries }),
  ])
  .refine((order) => order.command === "delete" || !order.malware || order.reason !== "", {
    message: "Say why it has to be released although malware was found.",
    path: ["reason"],
  });
export type QuarantineSelection = z.infer<typeof quarantineSelectionSchema>;

/** A command for everything that a search finds. */
export const quarantineJobSchema = z
  .discriminatedUnion("command", [
    z.strictObject({ ...releaseShape, filter: quarantineFilterSchema }),
    z.strictObject({ ...deleteShape, filter: quarantineFilterSchema }),
  ])
  .refine((order) => order.command === "delete" || !order.malware || order.reason !== "", {
    message: "Say why it has to be released although malware was found.",
    path: ["reason"],
  });
export type QuarantineJobOrder = z.infer<typeof quarantineJobSchema>;

export const jobRefSchema = z.strictObject({ jobId: z.uuid() });

/** What became of a command for one entry; `reason` says why it was not done. */
export type QuarantineResult = EntryRef & { done: boolean; reason: string | null };
