import { PublicError } from "#lib/errors.ts";
import { type ControlTarget, openQuarantineContent } from "#lib/workers/control-client.ts";

/** What the worker keeps, as a stream. Fails with the worker's reason when it does not give it out. */
export async function openContent(worker: ControlTarget, id: string): Promise<ReadableStream<Uint8Array>> {
  const opened = await openQuarantineContent(worker, id);
  if (opened.ok) return opened.value.stream;
  const { code, message } = opened.failure;
  throw new PublicError(
    code === "not-found" ? "NOT_FOUND" : "WORKER_FAILED",
    `The content cannot be shown: ${message}`,
  );
}

/** The beginning of what the worker keeps; `cut`: there is more. */
export async function readContent(
  worker: ControlTarget,
  id: string,
  bytesMax: number,
): Promise<{ bytes: Uint8Array; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // Leaving the loop early ends the transfer.
    for await (const chunk of await openContent(worker, id)) {
      chunks.push(chunk.subarray(0, bytesMax - length));
      length += chunk.length;
      if (length > bytesMax) break;
    }
  } catch (error) {
    if (error instanceof PublicError) throw error;
    throw new PublicError(
      "WORKER_FAILED",
      "The worker could not give out the whole content: it is damaged, or took too long.",
      {
        cause: error,
      },
    );
  }
  return { bytes: Buffer.concat(chunks), cut: length > bytesMax };
}
