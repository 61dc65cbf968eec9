import { queueMessageBytesMax } from "#core/contract/control-api.ts";
import { pastedMessageBytesMax } from "#core/contract/simulation.ts";
import type { Actor } from "#lib/actor.ts";
import { database } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readContent } from "#lib/quarantine/kept-content.ts";
import { recordLook as recordQuarantineLook } from "#lib/quarantine/mutations.ts";
import { recordLook as recordQueueLook } from "#lib/queue/mutations.ts";
import { openQueuedMessage } from "#lib/workers/control-client.ts";

/** What is still kept of a past message: the whole of it in quarantine, or in a queue with our Received line on top; else null. */
export type KeptPlace = { where: "quarantine" | "queue"; workerId: string; bytes: number };

export async function keptPlace(messageId: string): Promise<KeptPlace | null> {
  const kept = await database().quarantineEntry.findFirst({
    where: { messageId, kind: "message" },
    select: { workerId: true, bytes: true },
  });
  if (kept !== null) return { where: "quarantine", ...kept };
  const queued = await database().queueEntry.findFirst({
    where: { id: messageId },
    select: { workerId: true, bytes: true },
  });
  return queued === null || queued.bytes > queueMessageBytesMax ? null : { where: "queue", ...queued };
}

/** The bytes of it as base64; the look is in the audit log before. Fails with NOT_FOUND when nothing is kept any more. */
export async function readKeptMessage(messageId: string, actor: Actor): Promise<string> {
  const place = await keptPlace(messageId);
  if (place === null)
    throw new PublicError(
      "NOT_FOUND",
      "Not read: the content of this message is not kept any more. Add its .eml file instead.",
    );
  const bytes =
    place.where === "quarantine"
      ? await fromQuarantine(messageId, place, actor)
      : await fromQueue(messageId, place, actor);
  return Buffer.from(bytes).toString("base64");
}

async function fromQuarantine(messageId: string, { workerId }: KeptPlace, actor: Actor): Promise<Uint8Array> {
  const { worker } = await recordQuarantineLook({ workerId, id: messageId }, "text", actor);
  const { bytes, cut } = await readContent(worker, messageId, pastedMessageBytesMax);
  if (cut)
    throw new PublicError(
      "TOO_LARGE",
      "Not read: what is kept of this message is larger than 6 MiB, which is the most that is tried here. Try its beginning as a file.",
    );
  return bytes;
}

async function fromQueue(messageId: string, { workerId }: KeptPlace, actor: Actor): Promise<Uint8Array> {
  const worker = await recordQueueLook({ workerId, id: messageId }, actor);
  const opened = await openQueuedMessage(worker, messageId);
  if (!opened.ok)
    throw new PublicError("WORKER_FAILED", `The queued message cannot be read: ${opened.failure.message}`);
  return new Uint8Array(await new Response(opened.value.stream).arrayBuffer());
}
