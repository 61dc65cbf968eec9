import type { Findings } from "../reader.ts";
import { unpackBzip2 } from "../unpack/bzip2.ts";
import type { Unpack } from "../unpack/unpacked.ts";
import { unpackXz } from "../unpack/xz.ts";

/** Xz and bzip2: one content without a name. */
export const readXz = readerWith(unpackXz);
export const readBzip2 = readerWith(unpackBzip2);

function readerWith(unpack: Unpack): (bytes: Uint8Array, findings: Findings, depth: number) => null {
  return (bytes, findings, depth) => {
    const content = findings.unpack((bytesMax) => unpack(bytes, bytesMax));
    const { length } = content;
    findings.addEntry({ names: [], bytes: length, packedBytes: bytes.length, encrypted: false, content }, depth);
    return null;
  };
}
