import { type BoundaryOwner, BoundarySet } from "./boundary-set.ts";
import { textOfBytes } from "./byte-text.ts";
import { fileNameReadings } from "./file-name.ts";
import { AmbiguousHeaderError, type HeaderField, HeaderReader } from "./header-reader.ts";
import { LineAssembler } from "./line-assembler.ts";
import * as limits from "./outline-limits.ts";
import { isStructural, type PartHead, readPartHead } from "./part-head.ts";
import { StrayDelimiter } from "./stray-delimiter.ts";
import { type TransferDecoder, transferDecoder } from "./transfer-decoder.ts";

const CR = 13;
const DASH = 45;
const LETTER_B = 98;
const LF = 10;
/** Those whose content begins with a header block of its own (RFC 2046 §5.2; RFC 6532 §3.7). */
const messageType = /^message\/(?:rfc822|global|news|partial|external-body)$/;
const uuencodeBegin = /^begin(?:-base64)? +[0-7]{3,4} +(\S.*)$/;

export type Part = Pick<PartHead, "contentTypes" | "fileNames" | "attachment">;

export interface OutlineSink {
  /** A field of the message's own header. */
  field(field: HeaderField): void;
  /** The message's own header is complete. */
  headerEnd(): void;
  /** The header of a part is complete: a leaf, a message inside, or a multipart that has a name. */
  part(part: Part): void;
  /** The structure passes a cap or cannot be read in one way only. Called once; nothing follows. */
  unscannable(reason: string): void;
}

/** Counted over a message and all the encoded messages inside it. */
type Shared = { sink: OutlineSink; parts: number; stopped: boolean };

/** A multipart or message whose content is encoded, read by an outline of its own until a delimiter from outside ends it. */
type Inner = { decoder: TransferDecoder; outline: MimeOutline; depth: number };

type Inside = { shared: Shared; boundaries: BoundarySet; depth: number; encodings: number; beginsWithHeader: boolean };

/**
 * Finds the parts of a message in one pass over its chunks. It reads for the most lenient mail reader: every boundary
 * ever named delimits, a duplicate field counts as well as the first, a message inside a message is looked through, encoded or not.
 * RFC 2046 §5.1, §5.2.
 */
export class MimeOutline {
  readonly #shared: Shared;
  readonly #bodies: boolean;
  readonly #boundaries: BoundarySet;
  readonly #encodings: number;
  readonly #headerLines = new LineAssembler(limits.headerBytesMax);
  readonly #bodyLines = new LineAssembler(limits.lineHeadBytesMax);
  #inHeader: boolean;
  #topLevel: boolean;
  #depth: number;
  #digest = false;
  #header: HeaderReader | null = null;
  #headerBytes = 0;
  #fieldCount = 0;
  #fields: HeaderField[] = [];
  readonly #strayDelimiter = new StrayDelimiter();
  #skippingLine = false;
  #inner: Inner | null = null;
  /** Pieces of the line under way, which the inner outline gets when it turns out to be no delimiter. */
  #heldForInner: Uint8Array[] = [];

  /** `bodies` false: only the message's own header is read. `inside`: how an encoded message inside another begins. */
  constructor(sink: OutlineSink, bodies: boolean, inside: Inside | null = null) {
    this.#shared = inside?.shared ?? { sink, parts: 0, stopped: false };
    this.#bodies = bodies;
    this.#boundaries = inside?.boundaries ?? new BoundarySet();
    this.#encodings = inside?.encodings ?? 0;
    this.#inHeader = inside?.beginsWithHeader ?? true;
    this.#topLevel = inside === null;
    this.#depth = inside?.depth ?? 0;
  }

  /** Takes the next bytes of the message, dots undone, any cut. */
  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && !this.#shared.stopped; ) {
      const inner = this.#inner;
      const next = this.#inHeader ? this.#readHeaderLine(chunk, at) : this.#readBodyLines(chunk, at);
      if (inner !== null && inner === this.#inner) this.#feedInner(inner, chunk.subarray(at, next));
      at = next;
    }
    if (!this.#shared.stopped) this.#strayDelimiter.write(chunk);
  }

  end(): void {
    if (this.#shared.stopped) return;
    const rest = this.#inHeader ? this.#headerLines.rest() : this.#bodyLines.rest();
    if (rest !== null && this.#inHeader) this.#headerLine(rest);
    else if (rest !== null) this.#bodyLine(rest);
    if (this.#inHeader && !this.#shared.stopped) this.#endHeader();
    this.#endInner();
    // Told at the end only, so that the cut of the chunks does not matter to what came before.
    if (this.#strayDelimiter.seen && !this.#boundaries.empty) this.#stop("a bare CR stands before a delimiter");
  }

  #readHeaderLine(chunk: Uint8Array, at: number): number {
    const { line, next } = this.#headerLines.read(chunk, at);
    if (line !== null) this.#headerLine(line);
    return next;
  }

  #headerLine(line: Uint8Array): void {
    if (line[0] === DASH && this.#delimiter(line)) return;
    this.#header ??= new HeaderReader((field) => this.#field(field));
    this.#headerBytes += line.length + 1;
    try {
      const what = this.#header.line(line);
      if (what === "end") this.#endHeader();
      else if (what === "stray" && line[0] === LETTER_B) this.#uuencodedFile(line);
    } catch (error) {
      if (!(error instanceof AmbiguousHeaderError)) throw error;
      this.#stop(error.message);
    }
    if (this.#headerBytes >= limits.headerBytesMax) this.#stop("a header is larger than 1 MiB");
  }

  #field(field: HeaderField): void {
    this.#fieldCount++;
    if (this.#fieldCount > limits.headerFieldsMax)
      this.#stop(`a header has more than ${limits.headerFieldsMax} fields`);
    if (this.#shared.stopped) return;
    if (this.#topLevel) this.#shared.sink.field(field);
    if (isStructural(field.name)) this.#fields.push(field);
  }

  #beginHeader(): void {
    this.#inHeader = true;
    this.#header = null;
    this.#headerBytes = 0;
    this.#fieldCount = 0;
    this.#fields = [];
  }

  /** The header block is complete, by its empty line, a delimiter or the end of the message. */
  #endHeader(): void {
    this.#header?.flush();
    if (this.#shared.stopped) return;
    this.#inHeader = false;
    if (this.#topLevel) this.#shared.sink.headerEnd();
    if (this.#topLevel && !this.#bodies) this.#shared.stopped = true;
    this.#topLevel = false;
    if (this.#shared.stopped) return;
    this.#shared.parts++;
    if (this.#shared.parts > limits.partsMax) return this.#stop(`the message has more than ${limits.partsMax} parts`);
    const head = readPartHead(this.#fields, this.#digest ? "message/rfc822" : "text/plain");
    if (head === null) this.#stop("a structural header field is too long or has too many readings");
    else this.#enterPart(head);
  }

  #enterPart(head: PartHead): void {
    const everyReadingIsMultipart = head.contentTypes.every((type) => type.startsWith("multipart/"));
    if (!everyReadingIsMultipart || head.boundaries.length === 0 || head.fileNames.length > 0) {
      this.#shared.sink.part(head);
    }
    const isMessage = head.contentTypes.some((type) => messageType.test(type));
    const isMultipart = head.contentTypes.some((type) => type.startsWith("multipart/"));
    const owner = { depth: this.#depth + 1, digest: head.contentTypes.includes("multipart/digest") };
    if ((isMessage || isMultipart) && owner.depth > limits.nestingMax) {
      return this.#stop(`parts are nested deeper than ${limits.nestingMax}`);
    }
    for (const boundary of head.boundaries) {
      if (!this.#boundaries.add(boundary, owner)) return this.#stop("a boundary is empty or too long");
    }
    if (isMessage || isMultipart) this.#beginInner(head, owner, isMessage);
    if (!isMessage) return;
    this.#depth = owner.depth;
    this.#digest = false;
    this.#beginHeader();
  }

  /** RFC 2045 §6.4 forbids to encode a multipart or message; mail readers decode it all the same. */
  #beginInner(head: PartHead, owner: BoundaryOwner, beginsWithHeader: boolean): void {
    const decoder = head.transferEncodings.map(transferDecoder).find((known) => known !== null) ?? null;
    if (decoder === null || this.#inner !== null) return;
    if (this.#encodings === limits.encodedNestingMax) return this.#stop("too many encoded messages inside each other");
    const boundaries = new BoundarySet();
    for (const boundary of head.boundaries) boundaries.add(boundary, owner);
    const { depth } = owner;
    const inside = { shared: this.#shared, boundaries, depth, encodings: this.#encodings + 1, beginsWithHeader };
    this.#inner = { decoder, outline: new MimeOutline(this.#shared.sink, true, inside), depth: this.#depth };
  }

  #feedInner(inner: Inner, piece: Uint8Array): void {
    this.#heldForInner.push(piece);
    if (this.#headerLines.pending || this.#bodyLines.pending) return;
    for (const held of this.#heldForInner) inner.outline.write(inner.decoder.write(held));
    this.#heldForInner = [];
  }

  #endInner(): void {
    const inner = this.#inner;
    this.#inner = null;
    for (const held of this.#heldForInner) inner?.outline.write(inner.decoder.write(held));
    this.#heldForInner = [];
    inner?.outline.end();
  }

  /** Passes over the lines that can be neither delimiter nor beginning of a file; reads one that can. */
  #readBodyLines(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.#skippingLine || this.#bodyLines.atLineStart) {
      let skipping = this.#skippingLine;
      while (skipping || (chunk[at] !== DASH && chunk[at] !== LETTER_B)) {
        const lf = chunk.indexOf(LF, at);
        this.#skippingLine = lf === -1;
        if (lf === -1 || lf + 1 === chunk.length) return chunk.length;
        at = lf + 1;
        skipping = false;
      }
      if (at > from) return at;
    }
    const { line, next } = this.#bodyLines.read(chunk, at);
    if (line !== null) this.#bodyLine(line);
    return next;
  }

  #bodyLine(line: Uint8Array): void {
    if (line[0] === LETTER_B) this.#uuencodedFile(line);
    else this.#delimiter(line);
  }

  /** RFC 2046 §5.1.1. True: the line is a delimiter and was acted on. */
  #delimiter(line: Uint8Array): boolean {
    const delimiter = this.#boundaries.match(line);
    if (delimiter === null) return false;
    if (hasBareCr(line)) {
      this.#stop("a bare CR stands in a delimiter line");
      return true;
    }
    if (this.#inHeader) this.#endHeader();
    if (this.#inner !== null && delimiter.depth <= this.#inner.depth) {
      this.#heldForInner = [];
      this.#endInner();
    }
    if (this.#shared.stopped) return true;
    this.#depth = delimiter.close ? delimiter.depth - 1 : delimiter.depth;
    this.#digest = delimiter.digest;
    if (delimiter.close) this.#inHeader = false;
    else this.#beginHeader();
    return true;
  }

  /** A file inside plain text, from before MIME; mail readers still offer it. */
  #uuencodedFile(line: Uint8Array): void {
    const [, name] = uuencodeBegin.exec(textOfBytes(line).trimEnd()) ?? [];
    if (name === undefined) return;
    this.#shared.parts++;
    if (this.#shared.parts > limits.partsMax) return this.#stop(`the message has more than ${limits.partsMax} parts`);
    this.#shared.sink.part({
      contentTypes: ["application/octet-stream"],
      fileNames: fileNameReadings([name]),
      attachment: true,
    });
  }

  #stop(reason: string): void {
    if (this.#shared.stopped) return;
    this.#shared.stopped = true;
    this.#shared.sink.unscannable(reason);
  }
}

/** A CR elsewhere than at the end. */
function hasBareCr(line: Uint8Array): boolean {
  const cr = line.indexOf(CR);
  return cr !== -1 && cr < line.length - 1;
}
