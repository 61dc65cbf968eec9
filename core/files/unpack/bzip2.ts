import { u8 } from "../bytes-at.ts";
import { Output, type Unpack, type Unpacked } from "./unpacked.ts";

const blockBytes = 100_000;
const codeBitsMax = 20;
const shortBits = 10;
const symbolsPerTable = 50;
const blockMark = 0x31_41_59_26_53_59;
const endMark = 0x17_72_45_38_50_90;

/** What stands in the packed bytes is none of bzip2's. */
class BrokenBlockError extends Error {}

class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get bytesRead(): number {
    return this.#at;
  }

  /** Highest first, at most 24. */
  read(count: number): number {
    const bits = this.peek(count);
    this.skip(count);
    return bits;
  }

  /** What read would give; behind the end stand zeros. */
  peek(count: number): number {
    while (this.#count < count && this.#at < this.#bytes.length) {
      this.#bits = ((this.#bits << 8) | u8(this.#bytes, this.#at++)) & 0x7fff_ffff;
      this.#count += 8;
    }
    const missing = Math.max(0, count - this.#count);
    return ((this.#bits >>> (this.#count + missing - count)) << missing) & ((1 << count) - 1);
  }

  /** After peek of at least as many. */
  skip(count: number): void {
    if (count > this.#count) throw new BrokenBlockError("the end is missing");
    this.#count -= count;
  }

  /** The marks of 48 bits. */
  mark(): number {
    return this.read(24) * 16_777_216 + this.read(24);
  }

  /** What begins anew begins at a byte. */
  align(): void {
    this.#count = 0;
  }
}

/** A code by the lengths of its symbols: of each length the last code, and where its symbols stand. */
class PrefixCode {
  readonly #lasts: number[] = [];
  readonly #offsets: number[] = [];
  readonly #symbols: number[] = [];
  /** For whatever bits come next: the symbol of the short code with which they begin, and its length in the low five bits. */
  readonly #short = new Uint16Array(1 << shortBits);

  constructor(lengths: readonly number[]) {
    let code = 0;
    for (let bits = 1; bits <= codeBitsMax; bits++) {
      this.#offsets.push(this.#symbols.length - code);
      for (const [symbol, length] of lengths.entries()) {
        if (length !== bits) continue;
        this.#symbols.push(symbol);
        const rest = shortBits - bits;
        if (rest >= 0) this.#short.fill((symbol << 5) | bits, code << rest, (code + 1) << rest);
        code++;
      }
      this.#lasts.push(code - 1);
      code <<= 1;
    }
  }

  read(reader: BitReader): number {
    const short = this.#short[reader.peek(shortBits)] ?? 0;
    if (short !== 0) {
      reader.skip(short & 31);
      return short >> 5;
    }
    let code = 0;
    for (let bits = 0; bits < codeBitsMax; bits++) {
      code = (code << 1) | reader.read(1);
      if (code > (this.#lasts[bits] ?? -1)) continue;
      const symbol = this.#symbols[code + (this.#offsets[bits] ?? 0)];
      if (symbol !== undefined) return symbol;
    }
    throw new BrokenBlockError("no such code");
  }
}

/** Bzip2: blocks of at most 900,000 bytes, sorted, moved to the front and coded; streams one after the other are one content. */
export const unpackBzip2: Unpack = (packed, bytesMax) => {
  const output = new Output(bytesMax);
  const reader = new BitReader(packed);
  let end: Unpacked["end"] = "damaged";
  try {
    end = readStreams(reader, output, packed.length);
  } catch (error) {
    if (!(error instanceof BrokenBlockError)) throw error;
  }
  return { bytes: output.bytes, end, packedBytes: reader.bytesRead };
};

function readStreams(reader: BitReader, output: Output, packedBytes: number): Unpacked["end"] {
  do {
    if (reader.read(24) !== 0x425a68) return reader.bytesRead > 3 ? "complete" : "damaged";
    const level = reader.read(8) - 48;
    if (level < 1 || level > 9) return "damaged";
    for (let mark = reader.mark(); mark !== endMark; mark = reader.mark()) {
      if (mark !== blockMark) return "damaged";
      if (output.isFull) return "cut";
      if (!readBlock(reader, level * blockBytes, output)) return "cut";
    }
    reader.read(16);
    reader.read(16);
    reader.align();
  } while (reader.bytesRead + 4 <= packedBytes);
  return "complete";
}

/** False: the output is full before the block's end. */
function readBlock(reader: BitReader, bytesMax: number, output: Output): boolean {
  reader.read(16);
  reader.read(16);
  if (reader.read(1) === 1) throw new BrokenBlockError("randomised as nobody does any more");
  const begin = reader.read(24);
  const used = usedBytes(reader);
  const block = readSymbols(reader, used, bytesMax);
  if (begin >= block.length) throw new BrokenBlockError("begins behind its end");
  return writeRuns(unsorted(block), begin, block, output);
}

function usedBytes(reader: BitReader): number[] {
  const groups = reader.read(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    const bits = (groups & (0x8000 >> group)) === 0 ? 0 : reader.read(16);
    for (let bit = 0; bit < 16; bit++) if ((bits & (0x8000 >> bit)) !== 0) used.push(group * 16 + bit);
  }
  if (used.length === 0) throw new BrokenBlockError("no symbols");
  return used;
}

function readSymbols(reader: BitReader, used: number[], bytesMax: number): Uint8Array {
  const tableCount = reader.read(3);
  const choiceCount = reader.read(15);
  if (tableCount < 2 || tableCount > 6 || choiceCount === 0) throw new BrokenBlockError("no tables");
  const choices = readChoices(reader, tableCount, choiceCount);
  const tables = Array.from({ length: tableCount }, () => readTable(reader, used.length + 2));
  const block = new Uint8Array(bytesMax);
  const front = Uint8Array.from(used);
  const end = used.length + 1;
  let [length, run, weight] = [0, 0, 1];
  for (let count = 0; ; count++) {
    const table = tables[choices[Math.floor(count / symbolsPerTable)] ?? -1];
    if (table === undefined) throw new BrokenBlockError("more symbols than tables");
    const symbol = table.read(reader);
    if (symbol <= 1) {
      // Runs of the front byte are numbers of the digits one and two.
      run += weight << symbol;
      weight <<= 1;
      if (run > bytesMax) throw new BrokenBlockError("a run is too long");
      continue;
    }
    if (length + run > bytesMax) throw new BrokenBlockError("a block is too long");
    block.fill(front[0] ?? 0, length, length + run);
    length += run;
    [run, weight] = [0, 1];
    if (symbol === end) return block.subarray(0, length);
    if (length >= bytesMax) throw new BrokenBlockError("a block is too long");
    const byte = u8(front, symbol - 1);
    front.copyWithin(1, 0, symbol - 1);
    front[0] = byte;
    block[length++] = byte;
  }
}

/** Which table codes each fifty symbols: moved to the front, in unary. */
function readChoices(reader: BitReader, tableCount: number, choiceCount: number): Uint8Array {
  const front = Array.from({ length: tableCount }, (_, index) => index);
  const choices = new Uint8Array(choiceCount);
  for (let index = 0; index < choiceCount; index++) {
    let place = 0;
    while (reader.read(1) === 1) if (++place >= tableCount) throw new BrokenBlockError("no such table");
    const [choice = 0] = front.splice(place, 1);
    front.unshift(choice);
    choices[index] = choice;
  }
  return choices;
}

/** Lengths of codes as steps from the one before. */
function readTable(reader: BitReader, symbols: number): PrefixCode {
  const lengths: number[] = [];
  let length = reader.read(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (reader.read(1) === 1) length += reader.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > codeBitsMax) throw new BrokenBlockError("no such length");
    lengths.push(length);
  }
  return new PrefixCode(lengths);
}

/** Where each place of the sorted block leads next. */
function unsorted(block: Uint8Array): Uint32Array {
  const counts = new Uint32Array(257);
  for (const byte of block) counts[byte + 1] = (counts[byte + 1] ?? 0) + 1;
  for (let byte = 1; byte < 257; byte++) counts[byte] = (counts[byte] ?? 0) + (counts[byte - 1] ?? 0);
  const next = new Uint32Array(block.length);
  for (let at = 0; at < block.length; at++) {
    const byte = u8(block, at);
    const place = counts[byte] ?? 0;
    next[place] = at;
    counts[byte] = place + 1;
  }
  return next;
}

/** Four equal bytes are followed by how many more of them there were. */
function writeRuns(next: Uint32Array, begin: number, block: Uint8Array, output: Output): boolean {
  let at = next[begin] ?? 0;
  let [last, same] = [-1, 0];
  let [room, filled] = [output.room(), 0];
  for (let count = 0; count < block.length; count++) {
    const byte = u8(block, at);
    at = next[at] ?? 0;
    const isCount = same === 4;
    const written = isCount ? last : byte;
    for (let left = isCount ? byte : 1; left > 0; left--) {
      if (filled === room.length) {
        output.wrote(filled);
        if (output.isFull) return false;
        [room, filled] = [output.room(), 0];
      }
      room[filled++] = written;
    }
    same = isCount ? 0 : byte === last ? same + 1 : 1;
    last = isCount ? -1 : byte;
  }
  output.wrote(filled);
  return true;
}
