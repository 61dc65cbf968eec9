import { MessageInspector } from "#core/message/inspector.ts";
import type { Part } from "#core/message/part.ts";
import { bytesOf } from "../../../support/chunk-invariance.ts";
import { digestOf } from "./leaf.ts";

/** A leaf with every reading of its type and name. */
export type OurLeaf = { part: Part; content: string; digest: string };

export type OurReading = { leaves: OurLeaf[]; ambiguous: string[]; unscannable: string | null };

/** The leaves as our outline tells them; files inside texts are not among them, no other reader looks for those. */
export function ourReading(message: string): OurReading {
  const parts: Part[] = [];
  const contents = new Map<number, string>();
  const ambiguous: string[] = [];
  let unscannable: string | null = null;
  const inspector = new MessageInspector(
    { header: true, attachment: true, content: true },
    {
      headerLine: () => {},
      headersEnd: () => {},
      part: (part) => parts.push(part),
      partBody: ({ number }, piece) =>
        contents.set(number, (contents.get(number) ?? "") + Buffer.from(piece).toString("latin1")),
      partEnd: () => {},
      ambiguous: (reason) => ambiguous.push(reason),
      unscannable: (reason) => {
        unscannable = reason;
      },
    },
    (text) => Buffer.from(text, "base64"),
  );
  inspector.write(bytesOf(message));
  inspector.end();
  const leaves = parts
    .filter(({ form, contentTypes: [type = ""] }) => form === "mime" && !/^(?:multipart|message)\//.test(type))
    .map((part) => ({ part, content: contents.get(part.number) ?? "" }))
    .map((leaf) => ({ ...leaf, digest: digestOf(leaf.content) }));
  return { leaves, ambiguous, unscannable };
}
