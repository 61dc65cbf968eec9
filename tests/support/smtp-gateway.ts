import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import type { ConnectionEvent, MessageEvent, SessionEvent, WorkerEvent } from "#core/contract/event.ts";
import { eventSchema } from "#core/contract/event.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { type CompiledMailPolicy, compilePolicy } from "#core/policy/compile.ts";
import { RateWindow } from "#worker/net/rate-window.ts";
import { FirstSeen } from "#worker/pop3/first-seen.ts";
import { VerdictStore } from "#worker/pop3/verdict-store.ts";
import { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import { HoldMemory } from "#worker/scan/hold-memory.ts";
import type { ContentParts } from "#worker/scan/message-content.ts";
import type { BanRequest, GoverningPolicy, Services, Session } from "#worker/services.ts";
import { KnownRecipients } from "#worker/smtp/known-recipients.ts";
import { RecipientCallouts } from "#worker/smtp/recipient-callouts.ts";
import { startSmtpSession } from "#worker/smtp/session.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import type { ServerTls } from "#worker/tls/server-tls.ts";
import { Pop3Servers } from "#worker/upstream/pop3-servers.ts";
import { SmtpPool, type SmtpPoolOptions } from "#worker/upstream/smtp-pool.ts";
import { noBridge } from "./bridged.ts";
import { contentParts } from "./content-parts.ts";
import { waitUntil } from "./wait-until.ts";

export type GatewayOptions = {
  upstreamPorts: number[];
  delivery?: "inline" | "inline-or-spool" | "spool";
  spoolOn?: "down" | "down-or-4xx";
  limits?: Record<string, number>;
  settings?: Record<string, unknown>;
  rulesets?: Record<string, unknown>;
  connectTimeoutMs?: number;
  replyTimeoutMs?: number;
  freeBytesMin?: number;
  /** TLS with clients. */
  tls?: ServerTls;
  /** TLS with the upstream, as in the document. */
  routeTls?: Record<string, unknown>;
  /** Of the route `inside`, besides. */
  route?: Record<string, unknown>;
  /** Of the pool of upstream connections. */
  pool?: Partial<SmtpPoolOptions>;
  /** Routes besides `inside`, by name: taken for the recipients of `domain`. */
  routes?: Record<string, { port: number; domain: string; delivery?: string }>;
  /** Besides `executables`. */
  lists?: Record<string, unknown>[];
  /** Of the proxy action. */
  content?: Record<string, unknown>;
  direction?: "incoming" | "outgoing";
  /** Sections of the document: scanners, dictionaries, notices. */
  document?: Record<string, unknown>;
  parts?: Partial<ContentParts>;
};

export function gatewayDocument(options: GatewayOptions): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ],
    lists: [{ name: "executables", kind: "patterns", entries: ["*.exe"] }, ...(options.lists ?? [])],
    routes: [
      {
        name: "inside",
        protocol: "smtp",
        delivery: options.delivery ?? "inline",
        spoolOn: options.spoolOn ?? "down",
        connectTimeoutMs: options.connectTimeoutMs ?? 2000,
        replyTimeoutMs: options.replyTimeoutMs ?? 5000,
        ...(options.routeTls === undefined ? {} : { tls: options.routeTls }),
        targets: options.upstreamPorts.map((port, priority) => ({ host: "127.0.0.1", port, priority })),
        ...options.route,
      },
      ...Object.entries(options.routes ?? {}).map(([name, { port, delivery = "inline" }]) => ({
        name,
        protocol: "smtp",
        delivery,
        targets: [{ host: "127.0.0.1", port }],
      })),
    ],
    ...options.document,
    proxyActions: [
      {
        name: "Mail in",
        protocol: "smtp",
        direction: options.direction ?? "incoming",
        content: options.content ?? {},
        limits: options.limits ?? {},
        settings: { hostName: "gate.test", recipientVerification: { mode: "none" }, ...options.settings },
        rulesets: options.rulesets ?? {},
      },
    ],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: {
          interface: "Trusted",
          route: "inside",
          routes: Object.entries(options.routes ?? {}).map(([route, { domain }]) => ({
            recipientDomain: { is: domain },
            route,
          })),
        },
        listen: [{ address: "127.0.0.1", port: 2525 }],
        proxyAction: "Mail in",
      },
    ],
  });
}

export function smtpPolicy(options: GatewayOptions): CompiledMailPolicy {
  const compiled = compilePolicy(gatewayDocument(options));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const policy = compiled.policy.listeners[0]?.policies[0];
  if (policy === undefined) throw new Error("no policy");
  return policy;
}

/** SMTP sessions behind a real port, with a real pool and a real spool; events and rule hits are kept. */
export class SmtpGateway {
  readonly events: WorkerEvent[] = [];
  /** The records of sessions that are over. */
  readonly connections: ConnectionEvent[] = [];
  readonly hits: string[] = [];
  readonly bans: ({ address: string } & BanRequest)[] = [];
  readonly rates = { messages: new RateWindow(Date.now), recipients: new RateWindow(Date.now) };
  readonly spool: SegmentSpool;
  readonly quarantine: FileQuarantine;
  readonly pool: SmtpPool;
  readonly holdMemory = new HoldMemory();
  readonly content: ContentParts;
  readonly #callouts: RecipientCallouts;
  readonly #knownRecipients: KnownRecipients;
  governing: GoverningPolicy | null;
  readonly #tls: ServerTls | null;
  openSessions = 0;
  readonly sessions = new Set<Session>();
  readonly folder: string;
  readonly #mailboxVerdicts: VerdictStore;
  readonly #firstSeen: FirstSeen;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #ids = 0;

  private constructor(folder: string, spool: SegmentSpool, quarantine: FileQuarantine, options: GatewayOptions) {
    this.folder = folder;
    this.spool = spool;
    this.quarantine = quarantine;
    this.#tls = options.tls ?? null;
    this.content = contentParts(options.parts);
    mkdirSync(join(folder, "temporary"));
    this.governing = { policy: smtpPolicy(options), revision: 1 };
    const log = pino({ level: "error" });
    this.pool = new SmtpPool({ log, now: Date.now, random: Math.random, ehloName: "gate.test", ...options.pool });
    this.#knownRecipients = new KnownRecipients({ stateDir: folder, log, now: Date.now });
    this.#callouts = new RecipientCallouts(this.pool, Date.now, this.#knownRecipients);
    this.#mailboxVerdicts = new VerdictStore({ stateDir: folder, log, now: Date.now });
    this.#firstSeen = new FirstSeen({ stateDir: folder, log, now: Date.now });
    this.#server = createServer((socket) => this.#accept(socket, log));
  }

  static async start(options: GatewayOptions): Promise<SmtpGateway> {
    const folder = mkdtempSync(join(tmpdir(), "postern-smtp-"));
    const kept = {
      stateDir: folder,
      now: Date.now,
      damaged: (file: string, reason: string) => {
        throw new Error(`${file}: ${reason}`);
      },
      freeBytesMin: options.freeBytesMin ?? 0,
    };
    const spool = await SegmentSpool.open(kept);
    const quarantine = await FileQuarantine.open({ ...kept, bytesMax: 1024 ** 3 });
    const gateway = new SmtpGateway(folder, spool, quarantine, options);
    gateway.#server.listen(0, "127.0.0.1");
    await once(gateway.#server, "listening");
    return gateway;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get messages(): MessageEvent[] {
    return this.events.filter((event) => event.kind === "message");
  }

  get sessionEvents(): SessionEvent[] {
    return this.events.filter((event) => event.kind === "session");
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.pool.close();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await once(this.#server, "close");
    await waitUntil(
      "nothing of a message is held",
      () => this.holdMemory.bytes === 0 && this.content.memory.bytes === 0,
    );
    const left = readdirSync(join(this.folder, "temporary"));
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    await this.quarantine.close();
    await this.#knownRecipients.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #accept(socket: Socket, log: Services["log"]): void {
    if (this.governing === null) throw new Error("connected without a policy");
    this.#sockets.add(socket);
    this.openSessions++;
    const services: Services = {
      recorder: {
        event: (raw) => {
          const event = eventSchema.parse(raw);
          if (event.kind === "connection") this.connections.push(event);
          else this.events.push(event);
        },
        tellsGrounds: true,
        ruleHit: (ruleId, effect) => this.hits.push(`${effect} ${ruleId}`),
      },
      spool: this.spool,
      quarantine: this.quarantine,
      mailboxVerdicts: this.#mailboxVerdicts,
      firstSeen: this.#firstSeen,
      smtpPool: this.pool,
      pop3Servers: new Pop3Servers({ log, now: Date.now, random: Math.random }),
      bridge: noBridge(Date.now),
      bans: { ban: (address, request) => this.bans.push({ address, ...request }) },
      callouts: this.#callouts,
      knownRecipients: this.#knownRecipients,
      rates: this.rates,
      log,
      newId: () => `01TEST${String(++this.#ids).padStart(20, "0")}`,
      now: Date.now,
      holdRoom: { folder: join(this.folder, "temporary"), memory: this.holdMemory },
      content: this.content,
    };
    const session = startSmtpSession(socket, {
      services,
      client: { address: "127.0.0.1", port: socket.remotePort ?? 0 },
      listener: { address: "127.0.0.1", port: 2525 },
      governing: this.governing,
      tls: this.#tls,
      resolve: () => this.governing,
      onEnd: () => {
        this.openSessions--;
        this.sessions.delete(session);
        this.#sockets.delete(socket);
      },
    });
    this.sessions.add(session);
  }
}
