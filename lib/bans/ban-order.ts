import { z } from "zod";
import { newBanSchema } from "#core/contract/ban.ts";

/** An address that one worker refuses and shall take again. */
export const liftSchema = z.strictObject({
  workerId: z.string().min(1).max(64),
  address: newBanSchema.shape.address,
});
export type Lift = z.infer<typeof liftSchema>;

/** What became of a command at one worker; `reason` says why it was not done, or that there was nothing to do. */
export type BanResult = { worker: string; done: boolean; reason: string | null };
