import type { NewBan } from "#core/contract/ban.ts";
import type { BanCommandRequest } from "#core/contract/control-api.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { type ControlTarget, sendBanCommand } from "#lib/workers/control-client.ts";
import type { BanResult, Lift } from "./ban-order.ts";

type Target = ControlTarget & { name: string };

/**
 * Asks every worker to refuse an address. The audit row is committed before any worker is asked, so that no effect can be without
 * one; what was not done gets a second row. The list of bans changes when the workers report it.
 */
export async function banAddress({ address, minutes, reason }: NewBan, actor: Actor): Promise<BanResult[]> {
  const workers = await transaction(async (tx) => {
    await appendAudit(tx, actor, {
      action: "bans.ban",
      object: address,
      summary: `${actor.name} asked to refuse ${address} for ${minutes === 1 ? "1 minute" : `${minutes} minutes`}.`,
      detail: { minutes, reason },
    });
    return tx.worker.findMany({ orderBy: { name: "asc" } });
  });
  const by = actor.name;
  return command(workers, { command: "ban", addresses: [address], minutes, reason, by }, actor);
}

/** Asks one worker to take an address again. Audited like a ban. */
export async function liftBan({ workerId, address }: Lift, actor: Actor): Promise<BanResult[]> {
  const worker = await transaction(async (tx) => {
    const known = await tx.worker.findUnique({ where: { id: workerId } });
    if (known === null)
      throw new PublicError(
        "NOT_FOUND",
        "Nothing was done: this worker is not enrolled any more. Load the page again.",
      );
    await appendAudit(tx, actor, {
      action: "bans.lift",
      object: address,
      summary: `${actor.name} asked worker ${known.name} to take ${address} again.`,
      detail: { workerId },
    });
    return known;
  });
  return command([worker], { command: "lift", addresses: [address], by: actor.name }, actor);
}

async function command(workers: readonly Target[], request: BanCommandRequest, actor: Actor): Promise<BanResult[]> {
  const results = await Promise.all(workers.map((worker) => commandOne(worker, request)));
  const refused = results.filter(({ done }) => !done);
  if (refused.length > 0) {
    await transaction((tx) =>
      appendAudit(tx, actor, {
        action: "bans.refusal",
        object: request.addresses.join(", "),
        summary: `Refused or not confirmed by ${refused.map(({ worker }) => worker).join(", ")}.`,
        detail: { command: request.command, refused },
      }),
    );
  }
  return results;
}

async function commandOne(worker: Target, request: BanCommandRequest): Promise<BanResult> {
  const answer = await sendBanCommand(worker, request);
  if (!answer.ok) return { worker: worker.name, done: false, reason: answer.failure.message };
  const reason = answer.value.done > 0 ? null : nothingToDo[request.command];
  return { worker: worker.name, done: true, reason };
}

const nothingToDo = { ban: "it was refused for longer already", lift: "it was not refused any more" };
