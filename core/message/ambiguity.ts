/** What mail readers read in several ways. All readings are told; which of them a recipient sees is not known. */
export const ambiguity = {
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
  /** RFC 2045 §6.4 forbids it; some readers decode, others take it as it stands. */
  encodedComposite: "a message or multipart inside is itself encoded",
} as const;

export type Ambiguity = (typeof ambiguity)[keyof typeof ambiguity];
