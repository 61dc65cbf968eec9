import { z } from "zod";
import { type QueueEntry, type QueueState, queueCauseSchema, queueStateSchema } from "#core/contract/queue.ts";
import { domainOf } from "../upstream/smtp-transaction.ts";
import { DestinationNames, destinationKey, splitDestinationKey } from "./destination-names.ts";
import type { Place } from "./log-unit.ts";
import { NumberRows } from "./number-rows.ts";
import { newProgress, type QueueRecord } from "./queue-record.ts";
import { type QueueCount, QueueTally } from "./queue-tally.ts";
import type { MessageHead } from "./record-heads.ts";

/** What waits for a destination. */
export type DestinationCount = QueueCount & { route: string; destination: string };

type RecordChange = Omit<QueueRecord, "receivedAt" | "route" | "destination" | "bytes" | "hasSender">;

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
  "cause",
  "flags",
  "interface",
  "policy",
  "route",
  "destination",
  "segment",
  "offset",
  "diskBytes",
  "progressSegment",
  "progressBytes",
] as const;
const states = queueStateSchema.options;
const causes = queueCauseSchema.options;
const flag = { unreached: 1, hold: 2, delete: 4, ownFile: 8, rerouted: 16, hasSender: 32, urgent: 64 };
const textsSchema = z.tuple([z.string(), z.string().nullable()]).rest(z.string());
const internedMax = 10_000;
/** Of a domain (RFC 1035 §2.3.4); what is longer leads nowhere. */
const destinationCharactersMax = 255;

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
  readonly #destinations = new DestinationNames();
  #routesByDomain: ReadonlySet<string> = new Set();

  get size(): number {
    return this.#rows.size;
  }

  ids(): Iterable<string> {
    return this.#rows.keys();
  }

  /** Those that go to a destination. */
  *idsFor(route: string, destination: string): Iterable<string> {
    const number = this.#destinations.numberOf(destinationKey(route, destination));
    if (number === null) return;
    for (const [id, row] of this.#rows) if (this.#numbers.get(row, "destination") === number) yield id;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** Adds a message, or puts what is newly known of it in place of the old. */
  put({ envelope, subject, bytes, progress }: MessageHead, message: Place, ownFile: boolean): void {
    const { id, receivedAt, revision, sender, recipients } = envelope;
    const known = this.#rows.get(id);
    if (known !== undefined) this.#uncount(known);
    const row = known ?? this.#free.pop() ?? this.#texts.length;
    this.#rows.set(id, row);
    this.#texts[row] = JSON.stringify([sender, subject, ...recipients.map(({ address }) => address)]);
    this.#numbers.set(row, "receivedAt", receivedAt);
    this.#numbers.set(row, "bytes", bytes);
    this.#numbers.set(row, "revision", revision);
    for (const name of ["interface", "policy", "route"] as const)
      this.#numbers.set(row, name, this.#nameNumber(envelope[name]));
    this.#numbers.set(row, "flags", (ownFile ? flag.ownFile : 0) | (sender === "" ? 0 : flag.hasSender));
    this.#write(row, { id, ...(progress ?? newProgress(recipients.length)), isUrgent: false, afterAttempt: null });
    this.#count(row);
    this.moved(id, message);
  }

  remove(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#uncount(row);
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
      ...splitDestinationKey(this.#destinationKey(row)),
      bytes: this.#numbers.get(row, "bytes"),
      state: states[this.#numbers.get(row, "state")] ?? "held",
      outcomes: this.#outcomes[row] ?? "",
      attempts: this.#numbers.get(row, "attempts"),
      lastReply: this.#lastReplies[row] ?? null,
      lastAttemptAt: this.#time(row, "lastAttemptAt"),
      nextAttemptAt: this.#time(row, "nextAttemptAt"),
      notices: this.#numbers.get(row, "notices"),
      unreached: (flags & flag.unreached) !== 0,
      cause: causes[this.#numbers.get(row, "cause") - 1] ?? null,
      rerouted: (flags & flag.rerouted) !== 0 ? this.#name(row, "route") : null,
      hasSender: (flags & flag.hasSender) !== 0,
      isUrgent: (flags & flag.urgent) !== 0,
      afterAttempt: (flags & flag.delete) !== 0 ? "delete" : (flags & flag.hold) !== 0 ? "hold" : null,
    };
  }

  /** Takes over what changes about a message from a record. */
  change(record: RecordChange): void {
    const row = this.#rows.get(record.id);
    if (row === undefined) return;
    this.#write(row, record);
    this.#recount(row);
  }

  #write(row: number, record: RecordChange): void {
    const {
      state,
      attempts,
      notices,
      lastAttemptAt,
      nextAttemptAt,
      unreached,
      afterAttempt,
      cause,
      rerouted,
      isUrgent,
    } = record;
    this.#numbers.set(row, "state", states.indexOf(state));
    this.#numbers.set(row, "cause", cause === null ? 0 : causes.indexOf(cause) + 1);
    if (rerouted !== null) this.#numbers.set(row, "route", this.#nameNumber(rerouted));
    this.#numbers.set(row, "attempts", attempts);
    this.#numbers.set(row, "notices", notices);
    this.#numbers.set(row, "lastAttemptAt", lastAttemptAt ?? Number.NaN);
    this.#numbers.set(row, "nextAttemptAt", nextAttemptAt ?? Number.NaN);
    const kept = this.#numbers.get(row, "flags") & (flag.ownFile | flag.hasSender);
    const command = afterAttempt === null ? 0 : flag[afterAttempt];
    const reached = (rerouted === null ? 0 : flag.rerouted) | (unreached ? flag.unreached : 0);
    this.#numbers.set(row, "flags", kept | command | reached | (isUrgent ? flag.urgent : 0));
    this.#outcomes[row] = this.#intern(record.outcomes);
    this.#lastReplies[row] = record.lastReply === null ? null : this.#intern(record.lastReply);
  }

  /** The record in the words of the contract. */
  entry(id: string): QueueEntry | null {
    const record = this.record(id);
    const row = this.#rows.get(id);
    if (record === null || row === undefined) return null;
    const [sender, subject, ...recipients] = this.#textsOf(row);
    const wanted = wantedOutcomes(record.state);
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
      destination: record.destination,
      cause: record.cause,
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

  /** What waits for each destination. `oldest` may be up to a second behind. */
  counts(now: number): DestinationCount[] {
    const counts = this.#tally.counts(now, () => this.#oldest());
    return Array.from(counts, ([key, count]) => ({ ...splitDestinationKey(key), ...count }));
  }

  /** Mail for these routes goes by the recipient's domain. Gives the messages whose destination is another now. */
  setRoutesByDomain(routes: ReadonlySet<string>): string[] {
    const before = this.#routesByDomain;
    if (routes.size === before.size && Array.from(routes).every((route) => before.has(route))) return [];
    this.#routesByDomain = routes;
    return Array.from(this.#rows).flatMap(([id, row]) => (this.#recount(row) ? [id] : []));
  }

  *#oldest(): Iterable<[string, number]> {
    for (const row of this.#rows.values()) yield [this.#destinationKey(row), this.#numbers.get(row, "receivedAt")];
  }

  #count(row: number): void {
    const key = this.#currentKey(row);
    this.#numbers.set(row, "destination", this.#destinations.take(key));
    this.#tally.count(key, 1, this.#numbers.get(row, "bytes"), this.#numbers.get(row, "receivedAt"));
  }

  #uncount(row: number): void {
    const key = this.#destinationKey(row);
    this.#tally.count(key, -1, this.#numbers.get(row, "bytes"), this.#numbers.get(row, "receivedAt"));
    this.#destinations.release(this.#numbers.get(row, "destination"));
  }

  /** Whether it goes elsewhere than it was counted for. */
  #recount(row: number): boolean {
    if (this.#currentKey(row) === this.#destinationKey(row)) return false;
    this.#uncount(row);
    this.#count(row);
    return true;
  }

  #destinationKey(row: number): string {
    return this.#destinations.get(this.#numbers.get(row, "destination"));
  }

  #currentKey(row: number): string {
    const route = this.#name(row, "route");
    if (!this.#routesByDomain.has(route)) return destinationKey(route, route);
    const [, , ...recipients] = this.#textsOf(row);
    const wanted = wantedOutcomes(states[this.#numbers.get(row, "state")] ?? "held");
    const at = Array.from(this.#outcomes[row] ?? "").findIndex((outcome) => wanted.includes(outcome));
    return destinationKey(route, domainOf(recipients[at] ?? recipients[0] ?? "").slice(0, destinationCharactersMax));
  }

  #textsOf(row: number): z.infer<typeof textsSchema> {
    return textsSchema.parse(JSON.parse(this.#texts[row] ?? ""));
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

/** Of the recipients that count for where it goes: those still to be delivered, of one that failed those that were not. */
function wantedOutcomes(state: QueueState): string {
  return state === "failed" ? "fb" : "p";
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
