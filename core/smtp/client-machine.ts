import { LineReader } from "#core/bytes/line-reader.ts";
import { authLineBytesMax } from "#core/sasl/sasl-user.ts";
import { printable, type Reply } from "./reply.ts";
import { type ClientStep, clientReplies } from "./states.ts";

/** reply: the answer to the oldest step that waits. early: an answer that nothing asked for. fault: this is not SMTP; nothing more is read. */
export type ClientInput =
  | { kind: "reply"; step: ClientStep; reply: Reply }
  | { kind: "early"; reply: Reply }
  | { kind: "fault"; cause: string };

/** RFC 5321 §4.5.3.1.5 says 512; longer ones are in use. */
export const upstreamReplyLineBytesMax = 2048;
export const upstreamReplyLinesMax = 128;

/**
 * The client's side of an SMTP session, without I/O: is told which steps were sent, takes the server's bytes and gives its
 * replies in order. A server that is hostile or broken costs at most the caps.
 */
export class ClientMachine {
  readonly #lines = new LineReader(upstreamReplyLineBytesMax);
  readonly #waiting: ClientStep[] = [];
  #code = 0;
  #replyLines: string[] = [];
  #faulty = false;

  /** How many steps have no answer yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Bytes received that no reply has taken. */
  get unreadBytes(): number {
    return this.#lines.unreadBytes;
  }

  /** A step was sent, after all that were told before (RFC 2920). */
  expect(step: ClientStep): void {
    this.#waiting.push(step);
  }

  receive(chunk: Uint8Array): void {
    if (!this.#faulty) this.#lines.push(chunk);
  }

  /** The next input, or null when more bytes are needed. */
  next(): ClientInput | null {
    while (!this.#faulty) {
      const line = this.#lines.next(this.#waiting[0] === "AUTH" ? authLineBytesMax : upstreamReplyLineBytesMax);
      // It may never end: what is wrong with it is known now.
      if (line === null) return this.#lines.dropping ? this.#fail("reply line too-long") : null;
      if (line.fault !== null) return this.#fail(`reply line ${line.fault}`);
      const cause = this.#addLine(line.bytes);
      if (cause !== null) return this.#fail(cause);
      if (line.bytes[3] !== 0x2d) return this.#finish();
    }
    return null;
  }

  /** RFC 5321 §4.2.1: `NNN-text` … `NNN text`; a last line may be the code alone. */
  #addLine(line: Uint8Array): string | null {
    const text = String.fromCharCode(...line);
    const [, digits, rest] = /^([2-5]\d\d)(?:[ -](.*))?$/.exec(text) ?? [];
    if (digits === undefined) return `not a reply: ${printable(text).slice(0, 80)}`;
    const code = Number(digits);
    if (this.#replyLines.length > 0 && code !== this.#code) return `a reply with two codes: ${this.#code} and ${code}`;
    if (this.#replyLines.length === upstreamReplyLinesMax)
      return `a reply with more than ${upstreamReplyLinesMax} lines`;
    this.#code = code;
    this.#replyLines.push(printable(rest ?? ""));
    return null;
  }

  #finish(): ClientInput {
    const reply = splitEnhanced(this.#code, this.#replyLines);
    this.#replyLines = [];
    const step = this.#waiting.shift();
    if (step === undefined) return { kind: "early", reply };
    if (fits(step, reply.code)) return { kind: "reply", step, reply };
    return this.#fail(`${reply.code} is no answer to ${step}`);
  }

  #fail(cause: string): ClientInput {
    this.#faulty = true;
    this.#lines.takeRest();
    return { kind: "fault", cause };
  }
}

/** RFC 5321 §4.3.2, RFC 4954 §4: the only 3xx that go on. */
const goOnCodes: Partial<Record<ClientStep, number>> = { DATA: 354, AUTH: 334 };

function fits(step: ClientStep, code: number): boolean {
  const digit = Math.floor(code / 100);
  return clientReplies[step].includes(digit) && (digit !== 3 || code === goOnCodes[step]);
}

/** Takes the enhanced code off every line where it is the same class as the reply (RFC 2034 §4). */
function splitEnhanced(code: number, lines: readonly string[]): Reply {
  const [, enhanced] = /^([245]\.\d{1,3}\.\d{1,3})(?: |$)/.exec(lines[0] ?? "") ?? [];
  if (enhanced === undefined || Number(enhanced[0]) !== Math.floor(code / 100)) return { code, enhanced: null, lines };
  return {
    code,
    enhanced,
    lines: lines.map((line) => (line.startsWith(enhanced) ? line.slice(enhanced.length + 1) : line)),
  };
}
