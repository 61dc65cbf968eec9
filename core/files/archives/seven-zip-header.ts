import { u8, u32le } from "../bytes-at.ts";

/** The header ends before what it announces, or announces what no archive of this size can have. */
export class BrokenHeaderError extends Error {}

/** One step of unpacking, with its settings. */
export type Coder = { id: string; properties: Uint8Array };
/** What is packed together, and how to unpack it: the coders in the order in which packing used them. */
export type Folder = {
  coders: Coder[];
  isChain: boolean;
  packedStreams: number;
  unpackedBytes: number;
  /** Of the files in it. */
  sizes: number[];
  /** Its sum was told with it. */
  hasSum: boolean;
};
/** Where the packed bytes stand, and how they are to be unpacked. */
export type Streams = { packAt: number; packedBytes: number[]; folders: Folder[] };
export type SevenZipFile = { rawName: Uint8Array; isEmpty: boolean; isFolder: boolean };
export type SevenZipHeader = { streams: Streams; files: SevenZipFile[] };

/** A folder, how many outputs its coders have, and which of these no other coder takes: what comes out in the end. */
type ReadFolder = { folder: Folder; outputs: number; lastOutput: number };

const id = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additionalStreams: 3,
  mainStreams: 4,
  files: 5,
  packInfo: 6,
  unpackInfo: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  codersUnpackSize: 12,
  numUnpackStream: 13,
  emptyStream: 14,
  emptyFile: 15,
  names: 17,
  encodedHeader: 23,
} as const;

const emptyStreams: Streams = { packAt: 0, packedBytes: [], folders: [] };

/** Reads the header of a 7z, as its format description lays it out (7zFormat.txt). Throws BrokenHeaderError. */
export class SevenZipHeaderReader {
  readonly #bytes: Uint8Array;
  /** Nothing can be announced more often than this. */
  readonly #countMax: number;
  #at = 0;

  /** `countMax`: files and streams, and one more at the most. */
  constructor(bytes: Uint8Array, countMax: number) {
    this.#bytes = bytes;
    this.#countMax = countMax;
  }

  /** The header itself, or how the header is packed. */
  read(): SevenZipHeader | { packedHeader: Streams } {
    const kind = this.#byte();
    if (kind === id.encodedHeader) return { packedHeader: this.#streams() };
    if (kind !== id.header) throw new BrokenHeaderError("no header");
    let streams = emptyStreams;
    let files: SevenZipFile[] = [];
    for (let part = this.#byte(); part !== id.end; part = this.#byte()) {
      if (part === id.archiveProperties) this.#skipProperties();
      else if (part === id.additionalStreams) this.#streams();
      else if (part === id.mainStreams) streams = this.#streams();
      else if (part === id.files) files = this.#files();
      else throw new BrokenHeaderError("an unknown part");
    }
    return { streams, files };
  }

  #streams(): Streams {
    const streams: Streams = { packAt: 0, packedBytes: [], folders: [] };
    for (let part = this.#byte(); part !== id.end; part = this.#byte()) {
      if (part === id.packInfo) this.#packInfo(streams);
      else if (part === id.unpackInfo) streams.folders = this.#unpackInfo();
      else if (part === id.subStreams) this.#subStreams(streams.folders);
      else throw new BrokenHeaderError("an unknown part of streams");
    }
    return streams;
  }

  #packInfo(streams: Streams): void {
    streams.packAt = this.#number();
    const count = this.#count();
    for (let part = this.#byte(); part !== id.end; part = this.#byte()) {
      if (part === id.size) streams.packedBytes = this.#times(count, () => this.#number());
      else if (part === id.crc) this.#digests(count);
      else throw new BrokenHeaderError("an unknown part of packing");
    }
  }

  #unpackInfo(): Folder[] {
    let folders: Folder[] = [];
    let read: ReadFolder[] = [];
    for (let part = this.#byte(); part !== id.end; part = this.#byte()) {
      if (part === id.folder) {
        const count = this.#count();
        this.#notExternal();
        read = this.#times(count, () => this.#folder());
        folders = read.map(({ folder }) => folder);
      } else if (part === id.codersUnpackSize) {
        for (const { folder, outputs, lastOutput } of read) {
          const sizes = this.#times(outputs, () => this.#number());
          folder.unpackedBytes = sizes[lastOutput] ?? 0;
          folder.sizes = [folder.unpackedBytes];
        }
      } else if (part === id.crc) {
        const defined = this.#digests(folders.length);
        for (const [index, folder] of folders.entries()) folder.hasSum = defined[index] ?? false;
      } else throw new BrokenHeaderError("an unknown part of unpacking");
    }
    return folders;
  }

  #folder(): ReadFolder {
    const coders: Coder[] = [];
    let [inputs, outputs] = [0, 0];
    const count = this.#number();
    if (count > 32) throw new BrokenHeaderError("too many coders");
    for (let index = 0; index < count; index++) {
      const flags = this.#byte();
      const name = Array.from(this.#take(flags & 0x0f), (byte) => byte.toString(16).padStart(2, "0")).join("");
      const isComplex = (flags & 0x10) !== 0;
      inputs += isComplex ? this.#number() : 1;
      outputs += isComplex ? this.#number() : 1;
      const properties = (flags & 0x20) === 0 ? new Uint8Array(0) : this.#take(this.#number());
      coders.push({ id: name, properties });
    }
    if (inputs > 64 || outputs > 64) throw new BrokenHeaderError("too many streams");
    const bonds = Math.max(0, outputs - 1);
    const bound = new Set<number>();
    for (let bond = 0; bond < bonds; bond++) {
      this.#number();
      bound.add(this.#number());
    }
    const packedStreams = inputs - bonds;
    if (packedStreams > 1) for (let stream = 0; stream < packedStreams; stream++) this.#number();
    const isChain = inputs === count && outputs === count;
    const lastOutput = Array.from({ length: outputs }, (_, output) => output).findIndex((output) => !bound.has(output));
    return {
      folder: { coders, isChain, packedStreams, unpackedBytes: 0, sizes: [], hasSum: false },
      outputs,
      lastOutput,
    };
  }

  #subStreams(folders: Folder[]): void {
    let part = this.#byte();
    if (part === id.numUnpackStream) {
      for (const folder of folders) folder.sizes = Array.from({ length: this.#count() }, () => 0);
      part = this.#byte();
    }
    const hasSizes = part === id.size;
    for (const folder of folders) {
      let left = folder.unpackedBytes;
      for (let index = 0; index < folder.sizes.length; index++) {
        const isLast = index === folder.sizes.length - 1;
        const size = isLast || !hasSizes ? left : this.#number();
        folder.sizes[index] = Math.min(size, left);
        left -= folder.sizes[index] ?? 0;
      }
    }
    if (hasSizes) part = this.#byte();
    // A folder of one file whose sum was told has none here.
    const count = folders.reduce(
      (sum, { sizes, hasSum }) => sum + (hasSum && sizes.length === 1 ? 0 : sizes.length),
      0,
    );
    for (; part !== id.end; part = this.#byte()) {
      if (part !== id.crc) throw new BrokenHeaderError("an unknown part of content");
      this.#digests(count);
    }
  }

  #files(): SevenZipFile[] {
    const count = this.#count();
    let names: Uint8Array[] = [];
    let empty: boolean[] = [];
    let emptyFiles: boolean[] = [];
    for (let property = this.#number(); property !== id.end; property = this.#number()) {
      const size = this.#number();
      const end = this.#at + size;
      if (end > this.#bytes.length) throw new BrokenHeaderError("a property is missing");
      if (property === id.emptyStream) empty = this.#bits(count);
      else if (property === id.emptyFile) emptyFiles = this.#bits(empty.filter(Boolean).length);
      else if (property === id.names) names = this.#names(count);
      this.#at = end;
    }
    let emptyIndex = 0;
    return Array.from({ length: count }, (_, index) => {
      const isEmpty = empty[index] ?? false;
      const isFolder = isEmpty && !(emptyFiles[emptyIndex++] ?? false);
      return { rawName: names[index] ?? new Uint8Array(0), isEmpty, isFolder };
    });
  }

  #names(count: number): Uint8Array[] {
    this.#notExternal();
    return this.#times(count, () => {
      const begin = this.#at;
      while (this.#byte() + this.#byte() !== 0);
      return this.#bytes.subarray(begin, this.#at - 2);
    });
  }

  #skipProperties(): void {
    for (let property = this.#byte(); property !== id.end; property = this.#byte()) this.#take(this.#number());
  }

  /** Sums of which each may be missing. */
  #digests(count: number): boolean[] {
    const defined = this.#byte() === 0 ? this.#bits(count) : Array.from({ length: count }, () => true);
    this.#take(defined.filter(Boolean).length * 4);
    return defined;
  }

  #notExternal(): void {
    if (this.#byte() !== 0) throw new BrokenHeaderError("part of the header stands elsewhere");
  }

  #bits(count: number): boolean[] {
    const bytes = this.#take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, index) => (u8(bytes, index >> 3) & (0x80 >> (index & 7))) !== 0);
  }

  #times<T>(count: number, read: () => T): T[] {
    const values: T[] = [];
    for (let index = 0; index < count; index++) values.push(read());
    return values;
  }

  #count(): number {
    const count = this.#number();
    if (count > this.#countMax + 1) throw new BrokenHeaderError("too many of something");
    return count;
  }

  /** The set bits at the front of the first byte tell how many bytes follow, lowest first. */
  #number(): number {
    const first = this.#byte();
    let value = 0;
    let mask = 0x80;
    for (let index = 0; index < 8; index++) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 256 ** index;
      value += this.#byte() * 256 ** index;
      mask >>= 1;
    }
    return value;
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new BrokenHeaderError("the header ends early");
    return u8(this.#bytes, this.#at++);
  }

  #take(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#at) throw new BrokenHeaderError("the header ends early");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

/** Where the header stands behind the 32 bytes at the begin, and how long it is. */
export function headerPlace(bytes: Uint8Array): { at: number; size: number } {
  const offset = u32le(bytes, 12) + u32le(bytes, 16) * 4_294_967_296;
  return { at: 32 + offset, size: u32le(bytes, 20) + u32le(bytes, 24) * 4_294_967_296 };
}
