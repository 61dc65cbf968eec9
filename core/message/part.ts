import type { PlacedField } from "./header-reader.ts";
import type { PartHead } from "./part-head.ts";

/** What the structure and the names of a part show without its content. */
export const partTraits = [
  /** application/ms-tnef or a winmail.dat: attachments in a container of Microsoft's that few readers open. */
  "tnef",
  /** A uuencoded file, or a part encoded so. */
  "uuencode",
  /** BinHex 4.0 (RFC 1741). */
  "binhex",
  "yenc",
  /** message/partial (RFC 2046 §5.2.2): a fragment, which the reader joins with others that are not here. */
  "partial",
  /** message/external-body (RFC 2046 §5.2.3): the content is somewhere else. */
  "external-body",
  /** A name that shows other than it is: see deceptive-name.ts. */
  "deceptive-name",
  /** Mail readers disagree on the name. */
  "ambiguous-name",
  /** Part of a multipart/encrypted (RFC 1847 §2.2), or S/MIME enveloped data (RFC 8551 §3.2). */
  "encrypted",
  /** Inside a multipart/signed (RFC 1847 §2.1), or S/MIME signed data with its content inside. */
  "signed",
] as const;

export type PartTrait = (typeof partTraits)[number];

/** Offsets in the whole message, dots undone. */
export type PartPlace = {
  /** The first byte of its header; after the delimiter line or the header of the message around it. */
  readonly headerStart: number;
  /** After the empty line of its header. */
  readonly bodyStart: number;
  /** Before the line break that belongs to the delimiter (RFC 2046 §5.1.1). Equal to `bodyStart` until the part's end is told. */
  readonly bodyEnd: number;
};

/** A leaf, a message inside a message, a file inside a text, or a multipart that has a name or is encoded. */
export type Part = Pick<
  PartHead,
  "contentTypes" | "fileNames" | "attachment" | "charsets" | "transferEncodings" | "traits"
> & {
  /** From 1 in order of appearance. */
  readonly number: number;
  /** Multiparts and messages around it; 0: the message's own body. */
  readonly depth: number;
  /** mime: an entity of its own. The others: a file inside a text, whose header is the line that begins it. */
  readonly form: "mime" | "uuencode" | "binhex" | "yenc";
  /** null: inside a message or multipart that is encoded, where nothing can be edited in place. */
  readonly place: PartPlace | null;
  /** Content-Type, -Disposition and -Transfer-Encoding of its header, every one, then MIME-Version; none without a place. */
  readonly fields: readonly PlacedField[];
  /** The number of the outermost encoded part around it, which has a place; null: none. */
  readonly enclosingEncoded: number | null;
};
