import type { PartHead } from "./part-head.ts";

/** Those whose content begins with a header block of its own (RFC 2046 §5.2; RFC 6532 §3.7). */
const messageType = /^message\/(?:rfc822|global|news|partial|external-body)$/;

/** What a part is; a message or multipart in one reading may be a leaf in another. */
export type PartKind = { isLeaf: boolean; isMessage: boolean; isMultipart: boolean };

export function kindOf({ contentTypes, boundaries }: Pick<PartHead, "contentTypes" | "boundaries">): PartKind {
  const messages = contentTypes.filter((type) => messageType.test(type)).length;
  const multiparts = contentTypes.filter((type) => type.startsWith("multipart/")).length;
  const delimited = boundaries.length === 0 ? 0 : multiparts;
  return { isLeaf: messages + delimited < contentTypes.length, isMessage: messages > 0, isMultipart: multiparts > 0 };
}
