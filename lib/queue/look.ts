import { queueMessageBytesMax } from "#core/contract/control-api.ts";
import type { Actor } from "#lib/actor.ts";
import { PublicError } from "#lib/errors.ts";
import { readHeaderFields, type ShownField } from "#lib/messages/header-fields.ts";
import { openQueuedMessage } from "#lib/workers/control-client.ts";
import { recordLook } from "./mutations.ts";
import type { QueueRef } from "./selection.ts";

/** Reads the headers of a message as it is queued, at the worker; the look is in the audit log before. */
export async function lookAtHeaders(ref: QueueRef, actor: Actor): Promise<ShownField[]> {
  const worker = await recordLook(ref, actor);
  const opened = await openQueuedMessage(worker, ref.id);
  if (!opened.ok) throw new PublicError("WORKER_FAILED", `The headers cannot be shown: ${opened.failure.message}`);
  const { bytes, stream } = opened.value;
  if (!(bytes <= queueMessageBytesMax))
    throw new PublicError(
      "WORKER_FAILED",
      "The headers cannot be shown: the worker gives out more than was asked for.",
    );
  try {
    const content = new Uint8Array(await new Response(stream).arrayBuffer());
    return readHeaderFields(content);
  } catch (cause) {
    throw new PublicError(
      "WORKER_FAILED",
      "The headers cannot be shown: the worker could not give out the message as a whole. Try again.",
      { cause },
    );
  }
}
