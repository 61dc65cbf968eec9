import { z } from "zod";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { announce } from "#lib/live/mutations.ts";
import { lockPolicy } from "./draft-lock.ts";

/** Control characters would be drawn as something else. */
const place = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^\P{C}+$/u, "Write it without control characters.");
export const policySourceSchema = z.strictObject({ repository: place, path: place });
export type PolicySource = z.infer<typeof policySourceSchema>;

/** Says where the policy is kept, so that nobody edits the draft here; null: in this console. */
export async function setPolicySource(tx: Transaction, actor: Actor, source: PolicySource | null): Promise<void> {
  await lockPolicy(tx);
  const before = await tx.policySource.findFirst();
  await tx.policySource.deleteMany();
  if (source !== null) await tx.policySource.create({ data: { ...source, setBy: actor.name } });
  await appendAudit(tx, actor, {
    action: "policy-source.set",
    object: "the draft",
    summary:
      source === null
        ? `${actor.name} made the draft editable in the console.`
        : `${actor.name} said that the policy is kept in ${source.repository}, ${source.path}; nobody edits it in the console.`,
    detail: { before: before && { repository: before.repository, path: before.path }, after: source },
  });
  await announce(tx, ["draft"]);
}
