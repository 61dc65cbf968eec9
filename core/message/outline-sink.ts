import type { Ambiguity } from "./ambiguity.ts";
import type { PlacedField } from "./header-reader.ts";
import type { Part } from "./part.ts";

/** What an outline tells, in the order of the message. */
export interface OutlineSink {
  /** A field of the message's own header. */
  field(field: PlacedField): void;
  /** The message's own header is complete. `at`: where its empty line begins, or would. */
  headerEnd(at: number): void;
  /** The header of a part is complete. */
  part(part: Part): void;
  /**
   * Decoded content of a leaf, in order, any cut; only where content is asked for. The piece is valid during the call only. Where
   * readings differ it is that of the most lenient reader: decoded if any reading decodes, up to the first line that may be a delimiter.
   */
  partBody(part: Part, piece: Uint8Array): void;
  /** The part is complete: `place.bodyEnd` is set. Parts inside of it ended before. Not called after `unscannable`. */
  partEnd(part: Part): void;
  /**
   * Mail readers disagree here; all their readings are told. Each reason once a part: before the part where it is about a header or the
   * structure, then `part` is null; after the content and before the part's end where it is about how that is encoded.
   */
  ambiguous(reason: Ambiguity, part: Part | null): void;
  /** The structure passes a cap or has readings that cannot all be told. Called once; nothing follows. */
  unscannable(reason: string): void;
}
