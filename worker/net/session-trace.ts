import { type ConnectionEvent, traceCommandsMax } from "#core/contract/event.ts";

/** Characters of one command, and of one answer, that a trace keeps. */
export const traceTextCharactersMax = 160;
/** All texts of one session's trace; commands after those are counted only. */
export const traceCharactersMax = 16_384;

/** Commands that every message repeats; those after that are kept only where the answer refuses them. */
export const routineCommandsMax = 40;

type TraceEntry = ConnectionEvent["trace"][number];

/** The commands of a session and the first line of each answer. Who calls leaves the secrets out. */
export class SessionTrace {
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #entries: TraceEntry[] = [];
  #open: TraceEntry | null = null;
  #last: string | null = null;
  /** Kept once it is refused. */
  #routine: string | null = null;
  #routines = 0;
  #characters = 0;
  #untraced = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  get startedAt(): number {
    return this.#startedAt;
  }

  /** Milliseconds since the beginning; a clock that was set back does not make them negative. */
  get ageMs(): number {
    return Math.max(0, this.#now() - this.#startedAt);
  }

  /** null: none came yet. */
  get lastCommand(): string | null {
    return this.#last === null ? null : safe(this.#last);
  }

  get entries(): TraceEntry[] {
    return this.#entries.map(({ atMs, command, reply }) => ({
      atMs,
      command: safe(command),
      reply: reply === null ? null : safe(reply),
    }));
  }

  get untraced(): number {
    return this.#untraced;
  }

  command(words: string): void {
    this.#passOver();
    this.#last = cut(words);
    this.#add(this.#last, null);
  }

  /** The same for what every message repeats. */
  routine(words: string): void {
    if (this.#routines++ < routineCommandsMax) return this.command(words);
    this.#passOver();
    this.#open = null;
    this.#last = this.#routine = cut(words);
  }

  /** What was answered; only its first line counts. What nobody asked stands alone. */
  reply(text: string): void {
    if (this.#routine !== null) return this.#replyToRoutine(this.#routine, text);
    if (this.#open === null) {
      if (this.#untraced === 0) this.#add("", firstLine(text));
      return;
    }
    const line = firstLine(text);
    this.#open.reply = line;
    this.#open = null;
    this.#characters += line.length;
  }

  #replyToRoutine(command: string, text: string): void {
    // RFC 5321 §4.2.1
    if (!text.startsWith("4") && !text.startsWith("5")) return this.#passOver();
    this.#routine = null;
    this.#add(command, firstLine(text));
  }

  #passOver(): void {
    if (this.#routine === null) return;
    this.#routine = null;
    this.#untraced++;
  }

  #add(command: string, reply: string | null): void {
    if (this.#entries.length >= traceCommandsMax || this.#characters >= traceCharactersMax) {
      this.#untraced++;
      this.#open = null;
      return;
    }
    const entry = { atMs: this.ageMs, command, reply };
    this.#entries.push(entry);
    this.#characters += command.length + (reply?.length ?? 0);
    this.#open = reply === null ? entry : null;
  }
}

function cut(text: string): string {
  return text.length <= traceTextCharactersMax ? text : `${text.slice(0, traceTextCharactersMax - 1)}…`;
}

function firstLine(text: string): string {
  const end = text.indexOf("\r\n");
  return cut(end === -1 ? text : text.slice(0, end));
}

const printableAscii = /^[\x20-\x7e]*$/;

/** Control characters, and those that turn the direction of writing, become `?`. */
function safe(text: string): string {
  // Nearly all of it is.
  return printableAscii.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}
