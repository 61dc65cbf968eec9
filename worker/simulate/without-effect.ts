import pino from "pino";
import type { WorkerEvent } from "#core/contract/event.ts";
import type { MailboxMemory } from "../pop3/verdict-store.ts";
import { streamOf } from "../quarantine/content-stream.ts";
import type { Quarantine } from "../quarantine/quarantine.ts";
import { HoldMemory } from "../scan/hold-memory.ts";
import { SenderDns } from "../sender-auth/sender-dns.ts";
import type { SessionServices } from "../services.ts";
import type { Spool, SpoolEnvelope, SpoolWriter } from "../spool/spool.ts";
import type { HostAddress } from "../upstream/mail-dns.ts";
import { WillingMailboxes } from "./willing-mailbox.ts";
import { type TakenMessage, WillingServers } from "./willing-server.ts";

export type EffectlessServices = {
  services: SessionServices;
  /** What was told, in order. */
  events: WorkerEvent[];
  /** What would have gone on, or into the queue. */
  taken: readonly TakenMessage[];
  /** The mailbox server that was chosen last; null: none. */
  server(): { route: string; target: string } | null;
};

/**
 * The services of the worker for a message that is tried: nothing is sent, queued, kept, counted, banned or reported. `now`: the time that
 * it is tried at; `mailbox`: the messages that lie in every mailbox. What would stand against it today alone (a full disk, limits by the minute, who is banned) counts for nothing.
 */
export function withoutEffect(
  real: SessionServices,
  { now, dns, mailbox }: { now(): number; dns: boolean; mailbox: readonly Uint8Array[] },
): EffectlessServices {
  const servers = new WillingServers();
  const mailboxes = new WillingMailboxes(mailbox);
  const { taken } = servers;
  const events: WorkerEvent[] = [];
  const services: SessionServices = {
    ...real,
    now,
    recorder: { tellsGrounds: true, event: (event) => events.push(event), ruleHit: () => undefined },
    spool: new TakingSpool(taken),
    quarantine: takesEverything(now),
    smtpPool: servers,
    pop3Servers: mailboxes,
    bridge: { find: () => ({ kind: "own" }) },
    mailboxVerdicts: forgetsVerdicts,
    firstSeen: { since: () => now() },
    bans: { ban: () => undefined },
    callouts: { ask: (_route, _address, _terms, done) => done("exists"), learn: () => "exists" },
    rates: { messages: { take: () => true }, recipients: { take: () => true } },
    log: pino({ enabled: false }),
    holdRoom: { folder: real.holdRoom.folder, memory: new HoldMemory() },
    content: {
      ...real.content,
      dnsblFaults: { asked: () => undefined },
      // What is tried is anybody's text: it must not come back with our signature.
      signingKeys: { active: () => null, signersOf: () => [] },
      senderDns: dns ? real.content.senderDns : new SenderDns(nothingKnown, now),
    },
  };
  return { services, events, taken, server: () => mailboxes.chosen };
}

/** A session remembers them by itself. */
const forgetsVerdicts: MailboxMemory = {
  policyDigest: "",
  get: () => null,
  set: () => false,
  forget: () => undefined,
  octets: () => null,
  resized: () => new Set(),
};

/** Every name exists, and has no record. */
const nothingKnown = {
  exchanges: async () => [],
  addresses: async (): Promise<HostAddress[]> => [],
  texts: async () => [],
  pointers: async () => [],
  aliases: async () => [],
};

/** In the place of the queue. */
class TakingSpool implements Spool {
  readonly #taken: TakenMessage[];

  constructor(taken: TakenMessage[]) {
    this.#taken = taken;
  }

  begin(envelope: SpoolEnvelope): SpoolWriter {
    const batch = this.beginBatch([envelope]);
    return {
      write: (chunk) => batch.write(chunk),
      onDrain: null,
      commit: (subject, done) => batch.commit(subject, [null], done),
      abort: () => batch.abort(),
    };
  }

  beginBatch(envelopes: readonly SpoolEnvelope[]): ReturnType<Spool["beginBatch"]> {
    const pieces = envelopes.map((): Buffer[] => []);
    let aborted = false;
    return {
      write: (chunk) => {
        for (const own of pieces) own.push(Buffer.from(chunk));
        return true;
      },
      writeTo: (index, chunk) => {
        pieces[index]?.push(Buffer.from(chunk));
        return true;
      },
      onDrain: null,
      commit: (_subject, refusals, done) => {
        queueMicrotask(() => {
          if (aborted) return;
          for (const [index, { route, recipients }] of envelopes.entries()) {
            if ((refusals[index] ?? null) !== null) continue;
            const bytes = Buffer.concat(pieces[index] ?? []);
            this.#taken.push({ route, recipients: recipients.map(({ address }) => address), bytes });
          }
          done(null);
        });
      },
      abort: () => {
        aborted = true;
      },
    };
  }

  full(): null {
    return null;
  }

  ids(): Iterable<string> {
    return [];
  }

  entry(): null {
    return null;
  }

  async command(): Promise<{ done: boolean; reason: string | null }> {
    return { done: false, reason: "nothing is queued here" };
  }
}

/** In the place of the quarantine: reads what it is given, and keeps no byte of it. */
function takesEverything(now: () => number): Quarantine {
  const entries = new Map<string, NonNullable<ReturnType<Quarantine["entry"]>>>();
  return {
    keep: ({ days: _days, envelope: _envelope, ...what }, content, done) => {
      const stream = streamOf(content);
      let bytes = 0;
      stream.on("data", (piece: Uint8Array) => {
        bytes += piece.length;
      });
      stream.on("error", (error) => done(error, null));
      stream.on("end", () => {
        const at = new Date(now()).toISOString();
        const kept = {
          bytes,
          sha256: "0".repeat(64),
          keptAt: at,
          expiresAt: at,
          state: "held" as const,
          releasedTo: [],
        };
        const entry = { ...what, ...kept };
        entries.set(entry.id, entry);
        done(null, entry);
      });
    },
    isReleased: () => false,
    entry: (id) => entries.get(id) ?? null,
  };
}
