import type { EditList } from "#core/message/rewrite/edit.ts";
import type { ContentSource } from "../quarantine/quarantine.ts";
import { editedPieces } from "../scan/edited-source.ts";
import type { Spool, SpoolBatch, SpoolEnvelope } from "../spool/spool.ts";

/** A held message as one of its copies goes: our fields on top, or null, and what is changed of it. */
export type EditedCopy = {
  envelope: SpoolEnvelope;
  top: Uint8Array | null;
  edits: EditList;
  refusal: string | null;
};

/**
 * Writes copies of a held message to the spool, each with its own edits: all of them or none. On disk when this resolves; rejects with why
 * it is not.
 */
export async function spoolEdited(
  spool: Spool,
  original: ContentSource,
  copies: readonly EditedCopy[],
  subject: string | null,
): Promise<void> {
  const full = spool.full();
  if (full !== null) throw new Error(full);
  const batch = spool.beginBatch(copies.map(({ envelope }) => envelope));
  try {
    for (const [index, copy] of copies.entries()) await write(batch, index, original, copy);
    const refusals = copies.map(({ refusal }) => refusal);
    await new Promise<void>((resolve, reject) =>
      batch.commit(subject, refusals, (error) => (error === null ? resolve() : reject(error))),
    );
  } catch (error) {
    batch.abort();
    throw error;
  }
}

async function write(batch: SpoolBatch, index: number, original: ContentSource, copy: EditedCopy): Promise<void> {
  for await (const piece of editedPieces(original, copy.edits, copy.top ?? undefined)) {
    if (!batch.writeTo(index, piece)) await drained(batch);
  }
}

function drained(batch: SpoolBatch): Promise<void> {
  return new Promise((resolve) => {
    batch.onDrain = resolve;
  });
}
