import { z } from "zod";
import { nameSchema } from "#core/contract/name.ts";
import { type Actor, systemActor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { announce } from "#lib/live/mutations.ts";
import { seal, unseal } from "#lib/secrets.ts";
import type { ControlTarget } from "./control-client.ts";
import { controlTokenPurpose, reportTokenHash } from "./tokens.ts";

const tokenLengthMin = 32;

export const enrolmentSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "letters, digits, dot, underscore and hyphen"),
  name: nameSchema,
  controlUrl: z.url({ protocol: /^https?$/ }),
  controlToken: z.string().min(tokenLengthMin),
  reportToken: z.string().min(tokenLengthMin),
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/**
 * Makes a worker known, or takes over what changed about a known one (its address after a port change, new tokens). With a new
 * report token its reports count from 1 again. Writes an audit row only when something changed.
 */
export async function enrolWorker(tx: Transaction, enrolment: Enrolment, actor: Actor = systemActor): Promise<void> {
  const { id, name, controlUrl, controlToken, reportToken } = enrolmentSchema.parse(enrolment);
  const known = await tx.worker.findUnique({ where: { id } });
  const hash = reportTokenHash(reportToken);
  if (known !== null && known.controlUrl === controlUrl && known.name === name && known.reportTokenHash === hash) {
    if (opens(known.controlTokenSealed, id) === controlToken) return;
  }
  const controlTokenSealed = seal(controlToken, controlTokenPurpose(id));
  const data = { name, controlUrl, controlTokenSealed, reportTokenHash: hash };
  const restart = known?.reportTokenHash === hash ? {} : { lastSequence: 0 };
  await tx.worker.upsert({ where: { id }, create: { id, ...data }, update: { ...data, ...restart } });
  await appendAudit(tx, actor, {
    action: known === null ? "worker.enrol" : "worker.edit",
    object: `Worker ${name}`,
    summary:
      known === null ? `Worker ${name} was enrolled at ${controlUrl}.` : `Worker ${name} is now at ${controlUrl}.`,
    detail: {
      before: known === null ? null : { name: known.name, controlUrl: known.controlUrl },
      after: { name, controlUrl },
    },
  });
  await announce(tx, ["workers", "overview"]);
}

/** Writes down that a worker is to be drained or to work again, before it is asked; gives the worker. */
export async function recordDrain(
  tx: Transaction,
  { workerId, on }: { workerId: string; on: boolean },
  actor: Actor,
): Promise<ControlTarget> {
  const worker = await tx.worker.findUnique({ where: { id: workerId } });
  if (worker === null)
    throw new PublicError("NOT_FOUND", "Nothing was done: this worker is not enrolled any more. Load the page again.");
  await appendAudit(tx, actor, {
    action: on ? "worker.drain" : "worker.resume",
    object: `Worker ${worker.name}`,
    summary: on
      ? `${actor.name} asked that it takes no new connections and begins no attempts.`
      : `${actor.name} asked that it works again.`,
    detail: { workerId, on },
  });
  return worker;
}

/** The sealed token, or null when the master key is another one: then it is sealed anew. */
function opens(sealed: string, workerId: string): string | null {
  try {
    return unseal(sealed, controlTokenPurpose(workerId));
  } catch {
    return null;
  }
}
