import { entriesMax } from "../inspection-limits.ts";
import type { Findings, Open } from "../reader.ts";
import { unpackBzip2 } from "../unpack/bzip2.ts";
import { inflateRaw } from "../unpack/inflate.ts";
import { unpackLzma, unpackLzma2 } from "../unpack/lzma.ts";
import {
  BrokenHeaderError,
  type Coder,
  type Folder,
  headerPlace,
  type SevenZipFile,
  type SevenZipHeader,
  SevenZipHeaderReader,
  type Streams,
} from "./seven-zip-header.ts";

/** What unpacks, by the identifier of its coder (Methods.txt of 7-Zip). */
type Unpacker = (coder: Coder, packed: Uint8Array, unpackedBytes: number, bytesMax: number) => ReturnType<Open>;

const copyCoder = "00";
const unpackers: ReadonlyMap<string, Unpacker> = new Map<string, Unpacker>([
  [
    "030101",
    ({ properties }, packed, unpackedBytes, bytesMax) => unpackLzma(properties, packed, unpackedBytes, bytesMax),
  ],
  ["21", (_, packed, __, bytesMax) => unpackLzma2(packed, bytesMax)],
  ["040202", (_, packed, __, bytesMax) => unpackBzip2(packed, bytesMax)],
  ["040108", (_, packed, __, bytesMax) => inflateRaw(packed, bytesMax)],
]);
/** Filters for machine code: what they change is inside of instructions, not what tells a type. */
const codeFilter = /^(?:0303(?:0103|0205|0401|0501|0701|0805)|0[4-9a])$/;
const cipher = /^06f1/;

/** 7z: its header, which is nearly always packed, then each folder of files that were packed together. */
export function readSevenZip(bytes: Uint8Array, findings: Findings, depth: number): null {
  try {
    const header = readHeader(bytes, findings);
    if (header === null) findings.mark("encrypted");
    else addFiles(bytes, header, findings, depth);
  } catch (error) {
    if (!(error instanceof BrokenHeaderError)) throw error;
    findings.mark("archive-damaged");
  }
  return null;
}

/** Null: it is encrypted. */
function readHeader(bytes: Uint8Array, findings: Findings): SevenZipHeader | null {
  const { at, size } = headerPlace(bytes);
  if (size === 0 || at + size > bytes.length) throw new BrokenHeaderError("the header stands outside");
  let raw = bytes.subarray(at, at + size);
  // A packed header is not packed twice by anybody; a few times do no harm.
  for (let layer = 0; layer < layersMax; layer++) {
    const header = new SevenZipHeaderReader(raw, entriesMax).read();
    if (!("packedHeader" in header)) return header;
    const { packedHeader } = header;
    const [folder] = packedHeader.folders;
    if (folder?.coders.some(({ id }) => cipher.test(id)) === true) return null;
    const content = folder === undefined ? null : folderContent(bytes, packedHeader, 0, 0);
    if (content === null) throw new BrokenHeaderError("the header cannot be unpacked");
    raw = content instanceof Uint8Array ? content : findings.unpack(content);
  }
  throw new BrokenHeaderError("the header is packed too often");
}
const layersMax = 4;

function addFiles(bytes: Uint8Array, { streams, files }: SevenZipHeader, findings: Findings, depth: number): void {
  const waiting = files.filter(({ isEmpty }) => !isEmpty);
  for (const file of files) if (file.isEmpty) addFile(file, 0, null, false, findings, depth);
  let [next, stream] = [0, 0];
  for (const [index, folder] of streams.folders.entries()) {
    const encrypted = folder.coders.some(({ id }) => cipher.test(id));
    const content = encrypted ? null : folderContent(bytes, streams, index, stream);
    const unpacked = content instanceof Uint8Array || content === null ? content : findings.unpack(content);
    let at = 0;
    for (const size of folder.sizes) {
      const file = waiting[next++];
      if (file === undefined) throw new BrokenHeaderError("more content than names");
      const own = unpacked === null || at >= unpacked.length ? null : unpacked.subarray(at, at + size);
      addFile(file, size, own, encrypted, findings, depth);
      at += size;
    }
    stream += folder.packedStreams;
  }
  if (next < waiting.length) throw new BrokenHeaderError("names without content");
}

function addFile(
  { rawName }: SevenZipFile,
  bytes: number,
  content: Uint8Array | null,
  encrypted: boolean,
  findings: Findings,
  depth: number,
): void {
  const name = new TextDecoder("utf-16le").decode(rawName);
  findings.addEntry({ names: [name], bytes, packedBytes: null, encrypted, content }, depth);
}

/** The content of a folder, or what unpacks it; null: none of ours can. `stream` is the first of its packed streams. */
function folderContent(bytes: Uint8Array, streams: Streams, index: number, stream: number): Uint8Array | Open | null {
  const folder: Folder | undefined = streams.folders[index];
  if (folder === undefined || !folder.isChain) return null;
  const before = streams.packedBytes.slice(0, stream).reduce((sum, size) => sum + size, 0);
  const begin = 32 + streams.packAt + before;
  const packed = bytes.subarray(begin, begin + (streams.packedBytes[stream] ?? 0));
  const [coder, ...others] = folder.coders.filter(({ id }) => !codeFilter.test(id) && id !== copyCoder);
  if (coder === undefined) return packed;
  const unpacker = unpackers.get(coder.id);
  if (unpacker === undefined || others.length > 0) return null;
  return (bytesMax) => unpacker(coder, packed, folder.unpackedBytes, bytesMax);
}
