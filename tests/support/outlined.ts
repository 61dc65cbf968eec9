import type { PlacedField } from "#core/message/header-reader.ts";
import { MimeOutline } from "#core/message/mime-outline.ts";
import type { Part } from "#core/message/part.ts";
import { type Edit, EditList, EditWriter } from "#core/message/rewrite/edit.ts";
import type { PlacedHeader } from "#core/message/rewrite/edit-header.ts";
import { decodeBase64Portably } from "#core/message/transfer-decoder.ts";

/** The header and parts of a message with their places; throws where it cannot be read. */
export function outlined(message: Uint8Array): { header: PlacedHeader; parts: Part[]; ambiguous: string[] } {
  const ambiguous: string[] = [];
  const fields: PlacedField[] = [];
  const parts: Part[] = [];
  let end = 0;
  const outline = new MimeOutline(
    {
      field: (field) => fields.push(field),
      headerEnd: (at) => {
        end = at;
      },
      part: (part) => parts.push(part),
      partBody: () => {},
      partEnd: () => {},
      ambiguous: (reason) => ambiguous.push(reason),
      unscannable: (reason) => {
        throw new Error(reason);
      },
    },
    { bodies: true, content: false, decodeBase64: decodeBase64Portably },
  );
  outline.write(message);
  outline.end();
  return { header: { fields, end }, parts, ambiguous };
}

/** The message with the edits. */
export function edited(message: Uint8Array, edits: readonly Edit[]): Buffer {
  const list = new EditList();
  for (const edit of edits) list.add(edit);
  const out: Uint8Array[] = [];
  const writer = new EditWriter(list, (slice) => out.push(slice));
  writer.write(message);
  writer.end();
  return Buffer.concat(out);
}

export function bodyOf(message: Uint8Array, { place }: Part): Uint8Array {
  return place === null ? new Uint8Array(0) : message.subarray(place.bodyStart, place.bodyEnd);
}
