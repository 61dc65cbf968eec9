import type { Actor } from "#lib/actor.ts";
import { PublicError } from "#lib/errors.ts";
import { defanged } from "./defanged.ts";
import { openContent, readContent } from "./kept-content.ts";
import { recordLook } from "./mutations.ts";
import { fileText, htmlOf, type Preview, previewBytesMax, previewOf } from "./preview.ts";
import type { EntryRef } from "./quarantine-input.ts";
import { safeDocument } from "./safe-html.ts";

/** What was kept as a file that does nothing when it is opened, once the look is written down. */
export async function openDownload(
  ref: EntryRef,
  actor: Actor,
): Promise<{ name: string; body: ReadableStream<Uint8Array> }> {
  const { entry, worker } = await recordLook(ref, "download", actor);
  const content = await openContent(worker, entry.id);
  return { name: `postern-quarantine-${entry.id}.eml`, body: bodyOf(defanged(entry, content)) };
}

/** The text of something kept, once the look is written down. */
export async function lookAtText(ref: EntryRef, actor: Actor): Promise<Preview> {
  const { entry, worker } = await recordLook(ref, "text", actor);
  const { bytes, cut } = await readContent(worker, entry.id, previewBytesMax);
  if (entry.kind === "message") return previewOf(bytes, cut);
  const text = fileText(bytes, entry.contentType);
  return { fields: [], text, fromHtml: false, hasHtml: false, parts: [], remarks: [], cut };
}

/** The HTML of a message as a document for a frame that can do nothing, once the look is written down. */
export async function lookAtHtml(ref: EntryRef, actor: Actor): Promise<string> {
  const { entry, worker } = await recordLook(ref, "html", actor);
  const { bytes } = await readContent(worker, entry.id, previewBytesMax);
  const html = entry.kind === "message" ? htmlOf(bytes) : null;
  if (html === null) throw new PublicError("NOT_FOUND", "This message has no HTML. Look at its text.");
  return safeDocument(html);
}

function bodyOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await texts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
