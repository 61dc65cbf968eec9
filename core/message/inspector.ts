import { addressesMax, addressReadings } from "./addresses.ts";
import { decodeEightBit } from "./byte-text.ts";
import { decodeEncodedWords } from "./encoded-word.ts";
import { type HeaderField, type PlacedField, unfolded } from "./header-reader.ts";
import { MimeOutline } from "./mime-outline.ts";
import type { OutlineSink } from "./outline-sink.ts";
import type { Part } from "./part.ts";
import { type DecodeBase64, decodeBase64Portably } from "./transfer-decoder.ts";

/** Attachments named in a summary; more are counted only. */
export const summaryAttachmentsMax = 100;
/** Characters of one text in a summary. */
export const summaryTextMax = 998;

export type AttachmentSummary = { fileName: string | null; contentType: string };

/** What events and notices tell of a message: display texts without control characters, null when the field is not there. */
export type MessageSummary = {
  from: string | null;
  subject: string | null;
  messageIdHeader: string | null;
  attachments: AttachmentSummary[];
  attachmentCount: number;
  /** Readings for rules. */
  fromAddresses: string[];
  subjects: string[];
  /** The first From, Date, Subject and Message-ID as they were, for a notice that takes the message's place. */
  identity: HeaderField[];
};

/** What is to be told of a message. */
export type InspectorNeeds = {
  /** Every line of its own header, with its readings. */
  header: boolean;
  /** Its parts. Without them bodies are not looked at. */
  attachment: boolean;
  /** The decoded content of its parts; only with `attachment`. */
  content: boolean;
};

/** What an inspector tells, in the order of the message. Parts as `OutlineSink` has them, only when `needs.attachment`. */
export interface InspectorSink extends Omit<OutlineSink, "field" | "headerEnd" | "unscannable"> {
  /** One line of the message's own header; the values are its readings, raw and decoded. Only when `needs.header`. */
  headerLine(field: PlacedField, values: string[]): void;
  /** The message's own header is complete. `at`: where its empty line begins. */
  headersEnd(at: number): void;
  /** The message passes a cap or has readings that cannot all be told, so nothing after this point was looked at. */
  unscannable(reason: string): void;
}

const identityNames = new Set(["from", "date", "subject", "message-id"]);

/** Reads a message as it passes and tells what rules ask about. Linear in its size, whatever is in it. */
export class MessageInspector {
  readonly summary: MessageSummary = {
    from: null,
    subject: null,
    messageIdHeader: null,
    attachments: [],
    attachmentCount: 0,
    fromAddresses: [],
    subjects: [],
    identity: [],
  };
  readonly #subjects = new Set<string>();
  readonly #outline: MimeOutline;
  readonly #needs: InspectorNeeds;
  readonly #sink: InspectorSink;

  constructor(needs: InspectorNeeds, sink: InspectorSink, decodeBase64: DecodeBase64 = decodeBase64Portably) {
    this.#needs = needs;
    this.#sink = sink;
    const outlineSink: OutlineSink = {
      field: (field) => this.#field(field),
      headerEnd: (at) => sink.headersEnd(at),
      part: (part) => this.#part(part),
      partBody: (part, piece) => sink.partBody(part, piece),
      partEnd: (part) => sink.partEnd(part),
      ambiguous: (reason, part) => sink.ambiguous(reason, part),
      unscannable: (reason) => sink.unscannable(reason),
    };
    this.#outline = new MimeOutline(outlineSink, { bodies: needs.attachment, content: needs.content, decodeBase64 });
  }

  /** Takes the next bytes of the message, dots undone, any cut. The sink is called before it returns. */
  write(chunk: Uint8Array): void {
    this.#outline.write(chunk);
  }

  end(): void {
    this.#outline.end();
  }

  #field(field: PlacedField): void {
    const name = field.name.toLowerCase();
    const wanted = identityNames.has(name);
    if (!wanted && !this.#needs.header) return;
    const raw = unfolded(field.raw);
    const decoded = decodeEncodedWords(raw);
    if (wanted) this.#identify(name, field, decoded, raw);
    if (!this.#needs.header) return;
    const plain = decodeEightBit(raw);
    this.#sink.headerLine(field, plain === decoded ? [decoded] : [decoded, plain]);
  }

  #identify(name: string, field: HeaderField, decoded: string, raw: string): void {
    const { summary } = this;
    if (!summary.identity.some((kept) => kept.name.toLowerCase() === name)) summary.identity.push(field);
    if (name === "from") {
      summary.from ??= displayText(decoded);
      this.#addFrom(addressReadings(decoded));
      if (raw !== decoded) this.#addFrom(addressReadings(raw));
    } else if (name === "subject") {
      summary.subject ??= displayText(decoded);
      this.#subjects.add(decoded).add(decodeEightBit(raw));
      summary.subjects = [...this.#subjects];
    } else if (name === "message-id") summary.messageIdHeader ??= displayText(decoded);
  }

  #addFrom(addresses: readonly string[]): void {
    const known = this.summary.fromAddresses;
    for (const address of addresses) {
      if (known.includes(address)) continue;
      if (known.length === addressesMax)
        return this.#sink.unscannable(`there are more than ${addressesMax} From addresses`);
      known.push(address);
    }
  }

  #part(part: Part): void {
    const contentType = part.contentTypes[0] ?? "text/plain";
    if (isAttachment(part)) {
      this.summary.attachmentCount++;
      if (this.summary.attachments.length < summaryAttachmentsMax) {
        const [name] = part.fileNames;
        const fileName = name === undefined ? null : displayText(name);
        this.summary.attachments.push({ fileName, contentType: displayText(contentType) });
      }
    }
    this.#sink.part(part);
  }
}

/** Whether a summary counts the part as an attachment. */
export function isAttachment({ attachment, contentTypes }: Part): boolean {
  return attachment || contentTypes[0]?.startsWith("text/") === false;
}

function displayText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .slice(0, summaryTextMax);
}
