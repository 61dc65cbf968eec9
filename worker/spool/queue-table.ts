import { z } from "zod";
import { type QueueEntry, queueStateSchema } from "#core/contract/queue.ts";
import type { Place } from "./log-unit.ts";
import { NumberRows } from "./number-rows.ts";
import { newProgress, type QueueRecord } from "./queue-record.ts";
import { QueueTally, type RouteTally } from "./queue-tally.ts";
import type { MessageHead } from "./record-heads.ts";

/** Where a message is: its record, the record of its last progress when that is newer, and whether its content has a file of its own. */
export type MessagePlaces = { message: Place; progress: Place | null; ownFile: boolean };

const columns = [
  "receivedAt",
  "lastAttemptAt",
  "nextAttemptAt",
  "bytes",
  "attempts",
  "notices",
  "revision",
  "state",
  "flags",
  "interface",
  "policy",
  "route",
  "segment",
  "offset",
  "diskBytes",
  "progressSegment",
  "progressBytes",
] as const;
const states = queueStateSchema.options;
const flag = { unreached: 1, hold: 2, delete: 4, ownFile: 8 };
const textsSchema = z.tuple([z.string(), z.string().nullable()]).rest(z.string());
const internedMax = 10_000;

/**
 * The queue in memory, oldest first: a row of numbers and three strings for each message, no objects; a million of them must fit. Records and
 * entries are made when they are asked for.
 */
export class QueueTable {
  readonly #rows = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #numbers = new NumberRows(columns);
  readonly #outcomes: string[] = [];
  readonly #lastReplies: (string | null)[] = [];
  /** Sender, subject and recipients, as JSON. */
  readonly #texts: string[] = [];
  readonly #names: string[] = [];
  readonly #nameNumbers = new Map<string, number>();
  readonly #interned = new Map<string, string>();
  readonly #tally = new QueueTally();

  get size(): number {
    return this.#rows.size;
  }

  ids(): Iterable<string> {
    return this.#rows.keys();
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** Adds a message, or puts what is newly known of it in place of the old. */
  put({ envelope, subject, bytes, progress }: MessageHead, message: Place, ownFile: boolean): void {
    const { id, receivedAt, revision, sender, recipients } = envelope;
    const known = this.#rows.get(id);
    if (known !== undefined) this.#count(known, -1);
    const row = known ?? this.#free.pop() ?? this.#texts.length;
    this.#rows.set(id, row);
    this.#texts[row] = JSON.stringify([sender, subject, ...recipients.map(({ address }) => address)]);
    this.#numbers.set(row, "receivedAt", receivedAt);
    this.#numbers.set(row, "bytes", bytes);
    this.#numbers.set(row, "revision", revision);
    for (const name of ["interface", "policy", "route"] as const)
      this.#numbers.set(row, name, this.#nameNumber(envelope[name]));
    this.#numbers.set(row, "flags", ownFile ? flag.ownFile : 0);
    this.#count(row, 1);
    this.moved(id, message);
    this.change({ id, ...(progress ?? newProgress(recipients.length)), afterAttempt: null });
  }

  remove(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#count(row, -1);
    this.#rows.delete(id);
    this.#texts[row] = "";
    this.#lastReplies[row] = null;
    this.#free.push(row);
  }

  record(id: string): QueueRecord | null {
    const row = this.#rows.get(id);
    if (row === undefined) return null;
    const flags = this.#numbers.get(row, "flags");
    return {
      id,
      receivedAt: this.#numbers.get(row, "receivedAt"),
      route: this.#name(row, "route"),
      bytes: this.#numbers.get(row, "bytes"),
      state: states[this.#numbers.get(row, "state")] ?? "held",
      outcomes: this.#outcomes[row] ?? "",
      attempts: this.#numbers.get(row, "attempts"),
      lastReply: this.#lastReplies[row] ?? null,
      lastAttemptAt: this.#time(row, "lastAttemptAt"),
      nextAttemptAt: this.#time(row, "nextAttemptAt"),
      notices: this.#numbers.get(row, "notices"),
      unreached: (flags & flag.unreached) !== 0,
      afterAttempt: (flags & flag.delete) !== 0 ? "delete" : (flags & flag.hold) !== 0 ? "hold" : null,
    };
  }

  /** Takes over what changes about a message from a record. */
  change(record: Omit<QueueRecord, "receivedAt" | "route" | "bytes">): void {
    const row = this.#rows.get(record.id);
    if (row === undefined) return;
    const { state, attempts, notices, lastAttemptAt, nextAttemptAt, unreached, afterAttempt } = record;
    this.#numbers.set(row, "state", states.indexOf(state));
    this.#numbers.set(row, "attempts", attempts);
    this.#numbers.set(row, "notices", notices);
    this.#numbers.set(row, "lastAttemptAt", lastAttemptAt ?? Number.NaN);
    this.#numbers.set(row, "nextAttemptAt", nextAttemptAt ?? Number.NaN);
    const ownFile = this.#numbers.get(row, "flags") & flag.ownFile;
    const command = afterAttempt === null ? 0 : flag[afterAttempt];
    this.#numbers.set(row, "flags", ownFile | command | (unreached ? flag.unreached : 0));
    this.#outcomes[row] = this.#intern(record.outcomes);
    this.#lastReplies[row] = record.lastReply === null ? null : this.#intern(record.lastReply);
  }

  /** The record in the words of the contract. */
  entry(id: string): QueueEntry | null {
    const record = this.record(id);
    const row = this.#rows.get(id);
    if (record === null || row === undefined) return null;
    const [sender, subject, ...recipients] = textsSchema.parse(JSON.parse(this.#texts[row] ?? ""));
    const wanted = record.state === "failed" ? "fb" : "p";
    return {
      id,
      receivedAt: iso(record.receivedAt),
      interface: this.#name(row, "interface"),
      policy: this.#name(row, "policy"),
      route: record.route,
      revision: this.#numbers.get(row, "revision"),
      sender,
      recipients: recipients.filter((_, index) => wanted.includes(record.outcomes[index] ?? "-")),
      subject,
      bytes: record.bytes,
      state: record.state,
      attempts: record.attempts,
      lastReply: record.lastReply,
      lastAttemptAt: record.lastAttemptAt === null ? null : iso(record.lastAttemptAt),
      nextAttemptAt: record.nextAttemptAt === null ? null : iso(record.nextAttemptAt),
    };
  }

  places(id: string): MessagePlaces | null {
    const row = this.#rows.get(id);
    if (row === undefined) return null;
    const number = (name: (typeof columns)[number]): number => this.#numbers.get(row, name);
    const progressSegment = number("progressSegment");
    return {
      message: { segment: number("segment"), offset: number("offset"), bytes: number("diskBytes") },
      // Where in its segment the last progress is, nobody needs to know.
      progress: progressSegment === 0 ? null : { segment: progressSegment, offset: 0, bytes: number("progressBytes") },
      ownFile: (number("flags") & flag.ownFile) !== 0,
    };
  }

  /** The message and all that is known of its progress are in one record now. */
  moved(id: string, { segment, offset, bytes }: Place): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#numbers.set(row, "segment", segment);
    this.#numbers.set(row, "offset", offset);
    this.#numbers.set(row, "diskBytes", bytes);
    this.#numbers.set(row, "progressSegment", 0);
  }

  progressed(id: string, { segment, bytes }: Place): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#numbers.set(row, "progressSegment", segment);
    this.#numbers.set(row, "progressBytes", bytes);
  }

  /** By route. `oldest` may be up to a second behind. */
  tallies(now: number): ReadonlyMap<string, Readonly<RouteTally>> {
    return this.#tally.routes(now, () => this.#oldest());
  }

  *#oldest(): Iterable<[string, number]> {
    for (const row of this.#rows.values()) yield [this.#name(row, "route"), this.#numbers.get(row, "receivedAt")];
  }

  #count(row: number, sign: 1 | -1): void {
    const receivedAt = this.#numbers.get(row, "receivedAt");
    this.#tally.count(this.#name(row, "route"), sign, this.#numbers.get(row, "bytes"), receivedAt);
  }

  #time(row: number, column: "lastAttemptAt" | "nextAttemptAt"): number | null {
    const time = this.#numbers.get(row, column);
    return Number.isNaN(time) ? null : time;
  }

  #name(row: number, column: "interface" | "policy" | "route"): string {
    return this.#names[this.#numbers.get(row, column)] ?? "";
  }

  #nameNumber(name: string): number {
    const known = this.#nameNumbers.get(name);
    if (known !== undefined) return known;
    this.#nameNumbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  /** What servers say repeats: one string for all. */
  #intern(text: string): string {
    const known = this.#interned.get(text);
    if (known !== undefined) return known;
    if (this.#interned.size >= internedMax) this.#interned.clear();
    this.#interned.set(text, text);
    return text;
  }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
