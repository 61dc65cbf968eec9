import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { LineLog } from "../state/line-log.ts";
import { type KeptVerdict, keptVerdictSchema, type VerdictGround } from "./kept-verdict.ts";

/** Verdicts that are remembered; past either, the one that was used longest ago is forgotten and its message read again. Characters of all lines. */
export const mailboxVerdictsMax = 100_000;
export const mailboxVerdictsCharactersMax = 33_554_432;

/** One message as its server tells it apart (RFC 1939 §7). */
export type MessageName = { uidl: string; size: number };

/** `g`: digest of its ground. `o`: octets of what is shown, null: as the server says. `v`: the verdict, as JSON. */
const lineSchema = z.strictObject({
  mailbox: z.string(),
  uidl: z.string(),
  size: z.number(),
  g: z.string(),
  at: z.number(),
  until: z.number(),
  o: z.number().nullable(),
  v: z.string(),
});
type Line = z.infer<typeof lineSchema>;
/** `text`: the line that it is on disk. */
type Entry = { text: string; size: number; g: string; at: number; until: number; octets: number | null };

/** The name of a mailbox in the stores: of what its server was told. `utf8`: it shows messages as RFC 6856 has them. */
export function mailboxKey(route: string, user: string, utf8: boolean): string {
  return createHash("sha256")
    .update(JSON.stringify([route, user, utf8]))
    .digest("base64url")
    .slice(0, 22);
}

/** What sessions use of a store of verdicts. */
export type MailboxMemory = Pick<VerdictStore, "policyDigest" | "get" | "set" | "forget" | "octets" | "resized">;

/**
 * Verdicts on messages in mailboxes, over sessions and restarts: a message is read and scanned once. What is lost of them costs reading
 * it again. The same mailbox, UIDL and size are taken to be the same message, as RFC 1939 §7 promises.
 */
export class VerdictStore {
  /** Of the policy in force, with which a verdict that was reached under one from a file is told from others. */
  #policyDigest = "";
  readonly #now: () => number;
  readonly #file: LineLog;
  /** By mailbox and UIDL, the one used last at the end. */
  readonly #entries = new Map<string, Entry>();
  /** UIDLs of messages that are shown with another size, by mailbox. */
  readonly #resized = new Map<string, Set<string>>();
  #characters = 0;

  constructor({ stateDir, log, now }: { stateDir: string; log: Logger; now(): number }) {
    this.#now = now;
    const remembered = () => Array.from(this.#entries.values(), ({ text }) => text);
    this.#file = new LineLog(join(stateDir, "mailbox-verdicts"), { log, remembered });
    this.#file.load((text) => this.#load(text));
  }

  get policyDigest(): string {
    return this.#policyDigest;
  }

  /** The policy is in force from now on. */
  applied(document: PolicyDocument): void {
    this.#policyDigest = createHash("sha256").update(JSON.stringify(document)).digest("base64url");
  }

  /** The verdict on a message, or null when none is believed any more. */
  get(mailbox: string, name: MessageName, ground: VerdictGround): KeptVerdict | null {
    const key = keyOf(mailbox, name.uidl);
    const entry = this.#believed(mailbox, name, ground);
    if (entry === null) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const line = readJson(lineSchema, entry.text);
    return line === null ? null : readJson(keptVerdictSchema, line.v);
  }

  /** False: it holds no longer than now, and is not kept. */
  set(mailbox: string, { uidl, size }: MessageName, { digest, until }: VerdictGround, verdict: KeptVerdict): boolean {
    const at = this.#now();
    if (until <= at) return false;
    const line = { mailbox, uidl, size, g: digest, at, until, o: verdict.octets, v: JSON.stringify(verdict) };
    const text = JSON.stringify(line satisfies Line);
    this.#put(text, line);
    this.#file.add(text);
    return true;
  }

  forget(mailbox: string, uidl: string): void {
    const key = keyOf(mailbox, uidl);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#characters -= entry.text.length;
    const resized = this.#resized.get(mailbox);
    resized?.delete(uidl);
    if (resized?.size === 0) this.#resized.delete(mailbox);
  }

  /** Octets of what is shown of a message, or null: as the server says. */
  octets(mailbox: string, name: MessageName, ground: VerdictGround): number | null {
    return this.#believed(mailbox, name, ground)?.octets ?? null;
  }

  /** UIDLs of messages that may be shown with another size than the server's. */
  resized(mailbox: string): ReadonlySet<string> {
    return this.#resized.get(mailbox) ?? none;
  }

  /** Resolves once the last verdict is on disk. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #believed(mailbox: string, { uidl, size }: MessageName, { digest, until }: VerdictGround): Entry | null {
    const entry = this.#entries.get(keyOf(mailbox, uidl));
    if (entry === undefined) return null;
    const now = this.#now();
    const isCurrent =
      entry.size === size && entry.g === digest && entry.at <= now && now < Math.min(entry.until, until);
    return isCurrent ? entry : null;
  }

  #put(text: string, { mailbox, uidl, size, g, at, until, o }: Line): void {
    this.forget(mailbox, uidl);
    this.#entries.set(keyOf(mailbox, uidl), { text, size, g, at, until, octets: o });
    this.#characters += text.length;
    if (o !== null) {
      const resized = this.#resized.get(mailbox) ?? new Set();
      this.#resized.set(mailbox, resized.add(uidl));
    }
    // Looking for the oldest in a Map costs as much as was deleted from it: only where one has to go.
    while (this.#entries.size > mailboxVerdictsMax || this.#characters > mailboxVerdictsCharactersMax) {
      const [oldest] = this.#entries.keys();
      if (oldest === undefined) return;
      this.forget(...splitKey(oldest));
    }
  }

  #load(text: string): void {
    const line = readJson(lineSchema, text);
    if (line !== null && line.until > this.#now()) this.#put(text, line);
  }
}

const none: ReadonlySet<string> = new Set();

function keyOf(mailbox: string, uidl: string): string {
  return `${mailbox} ${uidl}`;
}

/** A mailbox key has no blank. */
function splitKey(key: string): [mailbox: string, uidl: string] {
  const blank = key.indexOf(" ");
  return [key.slice(0, blank), key.slice(blank + 1)];
}

function readJson<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
