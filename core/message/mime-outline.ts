import { ambiguity } from "./ambiguity.ts";
import { BodyPassage, LeafBody } from "./body-passage.ts";
import { type BoundaryOwner, BoundarySet, type Delimiter, outermost } from "./boundary-set.ts";
import { EncodedBody } from "./encoded-body.ts";
import { HeaderBlock } from "./header-block.ts";
import { LineAssembler } from "./line-assembler.ts";
import { LinePlace } from "./line-place.ts";
import { type Opening, OpenParts } from "./open-parts.ts";
import * as limits from "./outline-limits.ts";
import { OutlineReport } from "./outline-report.ts";
import type { OutlineSink } from "./outline-sink.ts";
import type { Part } from "./part.ts";
import { type PartHead, readPartHead } from "./part-head.ts";
import { kindOf } from "./part-kind.ts";
import { StrayContent } from "./stray-content.ts";
import { hasBareCr, StrayDelimiter } from "./stray-delimiter.ts";
import { beginTextFile, mayBeginTextFile, TextFileEnd, textFileHead } from "./text-file.ts";
import { type DecodeBase64, type TransferDecoder, transferDecoder } from "./transfer-decoder.ts";

const CR = 13;
const DASH = 45;
/** What is read of a message beside its own header. */
export type OutlineDepth = { bodies: boolean; content: boolean; decodeBase64: DecodeBase64 };

/** How an encoded message or multipart inside another begins. */
type Inside = {
  report: OutlineReport;
  boundaries: BoundarySet;
  owner: BoundaryOwner;
  encodings: number;
  beginsWithHeader: boolean;
  enclosingEncoded: number;
};

/**
 * Finds the parts of a message in one pass over its chunks. It reads for the most lenient mail reader: every boundary
 * ever named delimits, a duplicate field counts as well as the first, a message inside a message is looked through, encoded or not.
 * RFC 2046 §5.1, §5.2.
 */
export class MimeOutline {
  readonly #report: OutlineReport;
  readonly #depth: OutlineDepth;
  readonly #boundaries: BoundarySet;
  readonly #encodings: number;
  readonly #enclosingEncoded: number | null;
  readonly #headerLines = new LineAssembler(limits.headerBytesMax);
  readonly #bodyLines = new LineAssembler(limits.lineHeadBytesMax);
  readonly #place = new LinePlace();
  readonly #passage = new BodyPassage();
  readonly #parts: OpenParts;
  readonly #strayDelimiter = new StrayDelimiter();
  /** What is open around the next part, outermost first. */
  readonly #owners: BoundaryOwner[];
  #inHeader: boolean;
  #topLevel: boolean;
  #header: HeaderBlock | null = null;
  #textFileEnd: TextFileEnd | null = null;
  #encodedBody: EncodedBody | null = null;

  constructor(sink: OutlineSink, depth: OutlineDepth, inside: Inside | null = null) {
    this.#report = inside?.report ?? new OutlineReport(sink);
    this.#depth = depth;
    this.#boundaries = inside?.boundaries ?? new BoundarySet();
    this.#encodings = inside?.encodings ?? 0;
    this.#enclosingEncoded = inside?.enclosingEncoded ?? null;
    this.#parts = new OpenParts(this.#report, this.#enclosingEncoded);
    this.#owners = inside === null ? [outermost] : [outermost, inside.owner];
    this.#inHeader = inside?.beginsWithHeader ?? true;
    this.#topLevel = inside === null;
  }

  /** Takes the next bytes of the message, dots undone, any cut. */
  write(chunk: Uint8Array): void {
    if (this.#report.stopped) return;
    this.#place.beginChunk(chunk);
    this.#passage.begin(chunk, this.#place.chunkAt);
    for (let at = 0; at < chunk.length && !this.#report.stopped; ) {
      at = this.#inHeader ? this.#readHeader(chunk, at) : this.#readBody(chunk, at);
    }
    if (this.#report.stopped) return;
    this.#strayDelimiter.write(chunk);
    this.#passage.settle(this.#sureTo(chunk));
    this.#place.endChunk();
    this.#passage.endChunk(this.#headerLines.pending ? this.#place.start : this.#place.chunkAt);
  }

  end(): void {
    if (this.#report.stopped) return;
    const total = this.#place.chunkAt;
    const rest = this.#inHeader ? this.#headerLines.rest() : this.#bodyLines.rest();
    if (rest !== null && this.#inHeader) this.#headerLine(rest);
    else if (rest !== null) this.#bodyLine(rest);
    if (this.#inHeader && !this.#report.stopped) this.#endHeader(total, null);
    if (this.#report.stopped) return;
    this.#passage.settle(total);
    this.#passage.end(0);
    this.#parts.end(0, total);
    if (this.#owners.some(({ isMultipart }) => isMultipart)) this.#report.ambiguous(ambiguity.unclosed);
    this.#leave(0, null);
    // Told at the end only, so that the cut of the chunks does not matter to what came before.
    if (this.#strayDelimiter.seen && !this.#boundaries.empty) {
      this.#report.unscannable("a bare CR stands before a delimiter");
    }
  }

  /** How far what was read can no longer turn out to belong to a delimiter. */
  #sureTo(chunk: Uint8Array): number {
    const end = this.#place.chunkAt + chunk.length;
    if (this.#headerLines.pending || this.#bodyLines.pending) return this.#place.beforeBreak;
    return end - (chunk.at(-1) === CR ? 1 : this.#place.breakBytesBefore(chunk.length));
  }

  #readHeader(chunk: Uint8Array, at: number): number {
    // The rest of a delimiter line that was too long to be read whole.
    if (!this.#bodyLines.atLineStart) return this.#bodyLines.read(chunk, at).next;
    if (this.#headerLines.atLineStart) this.#place.begin(at);
    const { line, next } = this.#headerLines.read(chunk, at);
    this.#place.readTo(next);
    if (line !== null) this.#headerLine(line);
    return next;
  }

  #headerLine(line: Uint8Array): void {
    const { start, end, beforeBreak } = this.#place;
    this.#passage.settle(beforeBreak);
    if (line[0] === DASH && this.#delimiter(line)) return;
    const what = this.#openHeader().line(line, start, end);
    if (what === "end") this.#endHeader(start, end);
    else if (what === "stray") this.#strayLine(line, start);
    else if (what === "unreadable") this.#report.unscannable("a delimiter may stand in a header line, after a bare CR");
  }

  /** The header goes on behind it for some readers, and for others it begins the body. What is encoded was decoded and read already. */
  #strayLine(line: Uint8Array, start: number): void {
    this.#mayBeginTextFile(line);
    const header = this.#header;
    if (header === null || header.hasStrayLine || !this.#depth.content) return;
    if (this.#passage.has(this.#encodedBody)) return;
    header.hasStrayLine = true;
    this.#report.countStrayContent();
    if (this.#report.stopped) return;
    this.#passage.add(new StrayContent(this.#report, this.#owner.depth, this.#enclosingEncoded), start);
  }

  #openHeader(): HeaderBlock {
    const { sink } = this.#report;
    const onField = this.#topLevel ? sink.field.bind(sink) : null;
    this.#header ??= new HeaderBlock(this.#place.start, this.#report, onField);
    return this.#header;
  }

  /**
   * The header block is complete: by its empty line, which begins at offset `at` and after which its body begins; or by a delimiter or
   * the end of the message, then there is no body.
   */
  #endHeader(at: number, bodyStart: number | null): void {
    this.#header?.end(this.#depth.content);
    if (this.#report.stopped) return;
    this.#inHeader = false;
    if (this.#topLevel) this.#report.sink.headerEnd(at);
    if (this.#topLevel && !this.#depth.bodies) this.#report.stop();
    this.#topLevel = false;
    this.#report.countPart();
    if (this.#report.stopped) return;
    const headerStart = this.#header?.start ?? at;
    const { structural = [], mimeVersions = [] } = this.#header ?? {};
    const fields = [...structural, ...mimeVersions];
    const head = readPartHead(structural, this.#owner.digest ? "message/rfc822" : "text/plain");
    this.#header = null;
    if (head === null) this.#report.unscannable("a structural header field is too long or has too many readings");
    else this.#enterPart(head, { headerStart, bodyStart: bodyStart ?? at, fields }, bodyStart !== null);
  }

  get #owner(): BoundaryOwner {
    return this.#owners.at(-1) ?? outermost;
  }

  #enterPart(head: PartHead, place: Pick<Opening, "headerStart" | "bodyStart" | "fields">, hasBody: boolean): void {
    const { bodyStart } = place;
    for (const reason of head.ambiguities) this.#report.ambiguous(reason);
    const { isLeaf, isMessage, isMultipart } = kindOf(head);
    const { depth, encrypted, signed } = this.#owner;
    const isEncoded = (isMessage || isMultipart) && this.#decoderOf(head) !== null;
    if (isEncoded) this.#report.ambiguous(ambiguity.encodedComposite);
    let part: Part | null = null;
    if (isLeaf || isMessage || isEncoded || head.fileNames.length > 0) {
      part = this.#parts.open(head, { ...place, form: "mime", depth, encrypted, signed, endsAt: depth });
    }
    if (isLeaf && part !== null && hasBody && this.#depth.content) {
      this.#passage.add(new LeafBody(part, this.#decoderOf(head), this.#report), bodyStart);
    }
    const owner: BoundaryOwner = {
      depth: depth + 1,
      isMultipart: isMultipart && head.boundaries.length > 0,
      hasPart: false,
      digest: head.contentTypes.includes("multipart/digest"),
      encrypted: head.contentTypes.includes("multipart/encrypted"),
      signed: signed || head.contentTypes.includes("multipart/signed"),
    };
    if ((isMessage || isMultipart) && owner.depth > limits.nestingMax) {
      return this.#report.unscannable(`parts are nested deeper than ${limits.nestingMax}`);
    }
    if (isEncoded && part !== null && hasBody) this.#beginEncodedBody(head, part, owner, bodyStart);
    this.#addBoundaries(head, owner);
    if (isMultipart) this.#owners.push(owner);
    if (!isMessage) return;
    this.#owners.push({ ...outermost, depth: owner.depth, signed: owner.signed });
    this.#inHeader = true;
  }

  #addBoundaries(head: PartHead, owner: BoundaryOwner): void {
    for (const boundary of head.boundaries) {
      const known = this.#boundaries.add(boundary, owner, (other) => this.#owners.includes(other));
      if (known === null) return this.#report.unscannable("a boundary is empty or too long");
      if (known !== owner) this.#report.ambiguous(ambiguity.sharedBoundary);
    }
  }

  #decoderOf({ transferEncodings }: PartHead): TransferDecoder | null {
    for (const encoding of transferEncodings) {
      const decoder = transferDecoder(encoding, this.#depth.decodeBase64);
      if (decoder !== null) return decoder;
    }
    return null;
  }

  /** RFC 2045 §6.4 forbids to encode a multipart or message; mail readers decode it all the same. */
  #beginEncodedBody(head: PartHead, part: Part, owner: BoundaryOwner, bodyStart: number): void {
    const decoder = this.#decoderOf(head);
    if (decoder === null || this.#passage.has(this.#encodedBody)) return;
    if (this.#encodings === limits.encodedNestingMax) {
      return this.#report.unscannable("too many encoded messages inside each other");
    }
    const boundaries = new BoundarySet();
    for (const boundary of head.boundaries) boundaries.add(boundary, owner, () => false);
    const inside: Inside = {
      report: this.#report,
      boundaries,
      owner,
      encodings: this.#encodings + 1,
      beginsWithHeader: kindOf(head).isMessage,
      enclosingEncoded: this.#enclosingEncoded ?? part.number,
    };
    this.#encodedBody = new EncodedBody(part.depth, decoder, new MimeOutline(this.#report.sink, this.#depth, inside));
    this.#passage.add(this.#encodedBody, bodyStart);
  }

  /** Passes over the lines that can be neither delimiter nor of a file inside the text; reads the others. Stops where a header begins. */
  #readBody(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length && !this.#inHeader && !this.#report.stopped) {
      if (this.#bodyLines.atLineStart) {
        if (!this.#isOfInterest(chunk[at])) {
          at = this.#bodyLines.skip(chunk, at);
          continue;
        }
        this.#place.begin(at);
      }
      const { line, next } = this.#bodyLines.read(chunk, at);
      at = next;
      this.#place.readTo(at);
      if (line !== null) this.#bodyLine(line);
    }
    return at;
  }

  #isOfInterest(first: number | undefined): boolean {
    return first === DASH || this.#textFileEnd !== null || mayBeginTextFile(first);
  }

  #bodyLine(line: Uint8Array): void {
    if (line[0] === DASH && this.#delimiter(line)) return;
    if (this.#textFileEnd?.isLast(line) !== true) return this.#mayBeginTextFile(line);
    this.#passage.settle(this.#place.beforeBreak);
    this.#textFileEnd = null;
    this.#parts.end(Number.POSITIVE_INFINITY, this.#place.end);
  }

  /** RFC 2046 §5.1.1. True: the line is a delimiter and was acted on. */
  #delimiter(line: Uint8Array): boolean {
    const delimiter = this.#boundaries.match(line);
    if (delimiter === null) return false;
    const { start, beforeBreak } = this.#place;
    if (hasBareCr(line)) {
      this.#passage.settle(beforeBreak);
      this.#report.unscannable("a bare CR stands in a delimiter line");
      return true;
    }
    if (this.#inHeader) {
      this.#report.ambiguous(this.#header === null ? ambiguity.doubledDelimiter : ambiguity.delimiterInHeader);
      this.#endHeader(start, null);
    }
    if (this.#report.stopped) return true;
    const { owner, close } = delimiter;
    this.#passage.settle(beforeBreak);
    this.#passage.end(owner.depth);
    this.#parts.end(owner.depth, beforeBreak);
    this.#textFileEnd = null;
    this.#tellAmbiguities(delimiter);
    this.#leave(owner.depth, close ? null : owner);
    if (!close && this.#owner !== owner) this.#owners.push(owner);
    if (!close) owner.hasPart = true;
    this.#inHeader = !close;
    return true;
  }

  /** What is as deep as `depth` or deeper has ended, but for `stays`. */
  #leave(depth: number, stays: BoundaryOwner | null): void {
    while (this.#owners.length > 1 && this.#owner.depth >= depth && this.#owner !== stays) {
      const left = this.#owners.pop();
      if (left?.isMultipart === true && !left.hasPart) this.#report.ambiguous(ambiguity.noPart);
    }
  }

  #tellAmbiguities({ owner, tail, shorter }: Delimiter): void {
    const isOpen = (other: BoundaryOwner): boolean => this.#owners.includes(other);
    if (!isOpen(owner)) this.#report.ambiguous(ambiguity.staleBoundary);
    if (this.#owners.some(({ depth, isMultipart }) => isMultipart && depth > owner.depth)) {
      this.#report.ambiguous(ambiguity.unclosed);
    }
    if (tail) this.#report.ambiguous(ambiguity.delimiterTail);
    if (shorter !== null && shorter !== owner && isOpen(shorter)) this.#report.ambiguous(ambiguity.sharedBoundary);
  }

  #mayBeginTextFile(line: Uint8Array): void {
    const file = beginTextFile(line);
    if (file === null) return;
    const { start, end, beforeBreak } = this.#place;
    this.#passage.settle(beforeBreak);
    this.#parts.end(Number.POSITIVE_INFINITY, beforeBreak);
    this.#report.countPart();
    if (this.#report.stopped) return;
    this.#textFileEnd = new TextFileEnd(file.form);
    const head = textFileHead(file);
    const opening = { form: file.form, depth: this.#owner.depth + 1, headerStart: start, bodyStart: end, fields: [] };
    this.#parts.open(head, { ...opening, endsAt: Number.POSITIVE_INFINITY });
  }
}
