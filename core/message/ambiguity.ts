/** What mail readers read in several ways. All readings are told; which of them a recipient sees is not known. */
export const ambiguity = {
  /** A line end, a blank, the end of the text or nothing (RFC 5322 §2.2 forbids both). */
  controlInHeader: "a CR or NUL stands in a header line",
  /** It ends the header, or is passed over. This and the next two only where it matters: a Content field follows, or content is read. */
  strayHeaderLine: "a line of a header is no field",
  /** It ends the header, or goes on a field (RFC 5322 §4.2). */
  blankHeaderLine: "a line of blanks stands in a header",
  /** It ends the header, or is a field like others (RFC 5322 §4.5). */
  blankBeforeColon: "blanks stand before the colon of a header field",
  /** It belongs to the header, or ends it. */
  delimiterInHeader: "a delimiter stands in a header",
  /** RFC 2045 §3: each at most once. */
  duplicateField: "a Content field stands twice and says different things",
  contentType: "a media type can be read in several ways",
  /** RFC 2046 §5.1.1: required; without it some readers show the source and some guess. */
  noBoundary: "a multipart has no boundary",
  severalBoundaries: "the boundary of a multipart can be read in several ways",
  /** Readers that keep only the boundaries of what is open do not see it. */
  staleBoundary: "a delimiter belongs to a multipart that has ended",
  /** RFC 2046 §5.1.1 has the beginning of the line compared; many compare all of it. */
  delimiterTail: "text stands after a delimiter",
  /** The inner or the outer may be meant. */
  sharedBoundary: "a boundary is the same as one around it, or begins it",
  transferEncoding: "a transfer encoding is unknown or can be read in several ways",
  /** Where one follows another: a part without header and body, or none. */
  doubledDelimiter: "a delimiter stands twice",
  /** Shown as source, or not at all. */
  noPart: "a multipart has no part",
  /** The last line break belongs to the last part, or not; what follows belongs to it. */
  unclosed: "a multipart has no closing delimiter",
  /** Padding inside ends the content or is passed over; a group cut short makes it none at all; "-" and "_" are digits or not. */
  base64: "base64 is not written as it must be",
  quotedPrintable: "quoted-printable is not written as it must be",
  /** RFC 2045 §6.4 forbids it; some readers decode, others take it as it stands. */
  encodedComposite: "a message or multipart inside is itself encoded",
} as const;

export type Ambiguity = (typeof ambiguity)[keyof typeof ambiguity];
