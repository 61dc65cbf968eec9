import { joined, u8, u16le, u32le } from "../bytes-at.ts";
import { hex } from "../types/ole-kind.ts";

/** A stream or storage of a compound file. */
export type CompoundEntry = {
  name: string;
  /** The storages around it and its name, with slashes between. */
  path: string;
  isStream: boolean;
  /** Hexadecimal, as it stands in the file. */
  classId: string;
  start: number;
  bytes: number;
};

/** Streams and storages that are read; a file with more counts as damaged. */
export const compoundEntriesMax = 10_000;

const headerBytes = 512;
const entryBytes = 128;
const headerFatSectors = 109;
const miniSectorBytes = 64;
const lastSector = 0xffff_fffa;
const noEntry = 0xffff_ffff;

/**
 * Reads OLE compound files, [MS-CFB]: every chain is followed through at most as many sectors as the file has, whatever its tables say.
 */
export class CompoundFile {
  /** The root first. */
  readonly entries: readonly CompoundEntry[];
  #damaged = false;
  #left: number;
  readonly #bytes: Uint8Array;
  readonly #sectorBytes: number;
  readonly #fat: Uint32Array;
  readonly #miniFat: Uint32Array;
  readonly #miniStream: Uint8Array;
  readonly #miniBelow: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#left = 2 * bytes.length;
    this.#sectorBytes = u16le(bytes, 30) === 12 ? 4096 : 512;
    this.#miniBelow = Math.min(u32le(bytes, 56), 65_536);
    this.#fat = this.#readFat();
    const directory = this.#chain(u32le(bytes, 48), compoundEntriesMax * entryBytes);
    this.entries = this.#readDirectory(directory);
    this.#miniFat = numbersOf(this.#chain(u32le(bytes, 60), bytes.length));
    const [root] = this.entries;
    this.#miniStream = root === undefined ? new Uint8Array(0) : this.#chain(root.start, root.bytes);
  }

  /** Something of its tables does not fit; what could be read was. */
  get damaged(): boolean {
    return this.#damaged;
  }

  /** A stream's bytes, as many as there are; of all streams together no more than the file could hold if none shared a sector. */
  read({ start, bytes }: CompoundEntry): Uint8Array {
    const wanted = Math.min(bytes, this.#left);
    const content = bytes < this.#miniBelow ? this.#miniChain(start, wanted) : this.#chain(start, wanted);
    this.#left -= content.length;
    if (content.length < bytes) this.#damaged = true;
    return content;
  }

  /** The sectors that hold the table of sectors: the first 109 in the header, the others in a chain of their own. §2.3, §2.5 */
  #readFat(): Uint32Array {
    const sectors: number[] = [];
    const sectorsMax = Math.ceil(this.#bytes.length / this.#sectorBytes);
    for (let index = 0; index < headerFatSectors; index++) sectors.push(u32le(this.#bytes, 76 + 4 * index));
    const perSector = this.#sectorBytes / 4 - 1;
    let next = u32le(this.#bytes, 68);
    for (let count = 0; next < lastSector && count * perSector < sectorsMax; count++) {
      const at = this.#placeOf(next);
      for (let index = 0; index < perSector; index++) sectors.push(u32le(this.#bytes, at + 4 * index));
      next = u32le(this.#bytes, at + 4 * perSector);
    }
    const used = sectors.filter((sector) => sector < lastSector).slice(0, sectorsMax);
    return numbersOf(joined(used.map((sector) => this.#sector(sector))));
  }

  #readDirectory(directory: Uint8Array): CompoundEntry[] {
    const count = Math.floor(directory.length / entryBytes);
    if (count >= compoundEntriesMax) this.#damaged = true;
    const paths = pathsOf(directory, count);
    const entries: CompoundEntry[] = [];
    for (let index = 0; index < count; index++) {
      const at = index * entryBytes;
      const kind = u8(directory, at + 66);
      if (kind !== 1 && kind !== 2 && kind !== 5) continue;
      const name = nameAt(directory, at);
      entries.push({
        name,
        path: paths.get(index) ?? name,
        isStream: kind === 2,
        classId: hex(directory.subarray(at + 80, at + 96)),
        start: u32le(directory, at + 116),
        bytes: u32le(directory, at + 120),
      });
    }
    return entries;
  }

  #chain(start: number, bytesMax: number): Uint8Array {
    const sectors: Uint8Array[] = [];
    const sectorsMax = Math.min(this.#fat.length, Math.ceil(bytesMax / this.#sectorBytes));
    for (
      let sector = start;
      sector < lastSector && sectors.length < sectorsMax;
      sector = this.#fat[sector] ?? noEntry
    ) {
      sectors.push(this.#sector(sector));
    }
    return joined(sectors).subarray(0, bytesMax);
  }

  #miniChain(start: number, bytes: number): Uint8Array {
    const sectors: Uint8Array[] = [];
    const sectorsMax = Math.ceil(bytes / miniSectorBytes);
    for (let at = start; at < lastSector && sectors.length < sectorsMax; at = this.#miniFat[at] ?? noEntry) {
      sectors.push(this.#miniStream.subarray(at * miniSectorBytes, (at + 1) * miniSectorBytes));
    }
    return joined(sectors).subarray(0, bytes);
  }

  #sector(sector: number): Uint8Array {
    const at = this.#placeOf(sector);
    if (at >= this.#bytes.length) this.#damaged = true;
    return this.#bytes.subarray(at, at + this.#sectorBytes);
  }

  #placeOf(sector: number): number {
    return this.#sectorBytes === headerBytes ? (sector + 1) * headerBytes : (sector + 1) * this.#sectorBytes;
  }
}

/** Walks the trees of siblings below each storage. §2.6.4 */
function pathsOf(directory: Uint8Array, count: number): Map<number, string> {
  const paths = new Map<number, string>();
  const waiting = [{ index: u32le(directory, 76), parent: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { index, parent } = next;
    if (index >= count || paths.has(index)) continue;
    const at = index * entryBytes;
    const path = `${parent}${nameAt(directory, at)}`;
    paths.set(index, path.slice(0, pathMax));
    waiting.push({ index: u32le(directory, at + 68), parent }, { index: u32le(directory, at + 72), parent });
    if (path.length < pathMax) waiting.push({ index: u32le(directory, at + 76), parent: `${path}/` });
  }
  return paths;
}
/** Of a path so many characters are kept; storages any deeper keep their names only. */
const pathMax = 512;

/** At most 31 characters of UTF-16 and a NUL. */
function nameAt(directory: Uint8Array, at: number): string {
  const bytes = Math.min(u16le(directory, at + 64), 64) - 2;
  let name = "";
  for (let index = 0; index < bytes; index += 2) name += String.fromCharCode(u16le(directory, at + index));
  return name;
}

function numbersOf(bytes: Uint8Array): Uint32Array {
  const numbers = new Uint32Array(Math.floor(bytes.length / 4));
  for (let index = 0; index < numbers.length; index++) numbers[index] = u32le(bytes, index * 4);
  return numbers;
}
