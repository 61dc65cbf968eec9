import type { FileTrait } from "./file-facts.ts";
import type { FileType } from "./types/file-types.ts";
import type { Unpacked } from "./unpack/unpacked.ts";

/** Something with a name inside a file, as a reader finds it. */
export type FoundEntry = {
  /** Every reading of the name. */
  names: readonly string[];
  /** Unpacked, as declared; null: not told. */
  bytes: number | null;
  packedBytes: number | null;
  encrypted: boolean;
  /** As it stands in the file, or what unpacks it; null: it has none, or it cannot be read. */
  content: Uint8Array | Open | null;
};
/** Gives content up to so many bytes. */
export type Open = (bytesMax: number) => Unpacked;

/** Where readers tell what they find. Each call may throw TooComplexError, which readers let pass. */
export interface Findings {
  mark(trait: FileTrait): void;
  /** Takes an entry and looks into it; gives its type, or null when its content was not read. */
  addEntry(found: FoundEntry, depth: number): FileType | null;
  /** Unpacks what a reader itself needs, counted like everything else. */
  unpack(open: Open, bytesMax?: number): Uint8Array;
  /** Ends the inspection: a cap of the reader's own was passed; says which. */
  stop(problem: string): never;
}

/** Reads one format. `depth` is how many archives stand around the file. */
export type Reader = {
  types: readonly FileType[];
  /** It reads the file to its last byte; behind others a zip may stand that is looked for. */
  readsToEnd: boolean;
  /** Gives a narrower type, or null when the first bytes told it all. */
  read(bytes: Uint8Array, findings: Findings, depth: number): FileType | null;
};
