import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from "node:tls";
import pino from "pino";
import type { Credential } from "#core/contract/credential.ts";
import { type ConnectionEvent, eventSchema, type WorkerEvent } from "#core/contract/event.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import type { Bridge } from "#worker/credentials/bridge.ts";
import { RateWindow } from "#worker/net/rate-window.ts";
import { FirstSeen } from "#worker/pop3/first-seen.ts";
import { LoginFailures } from "#worker/pop3/login-failures.ts";
import { startPop3Session } from "#worker/pop3/session.ts";
import { VerdictStore } from "#worker/pop3/verdict-store.ts";
import { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import { HoldMemory } from "#worker/scan/hold-memory.ts";
import type { ContentParts } from "#worker/scan/message-content.ts";
import type { Admission, BanRequest, GoverningPolicy, Services, Session } from "#worker/services.ts";
import { ClientTls } from "#worker/tls/client-tls.ts";
import type { ServerTls } from "#worker/tls/server-tls.ts";
import { Pop3Servers } from "#worker/upstream/pop3-servers.ts";
import { bridgeOf } from "./bridged.ts";
import { contentParts } from "./content-parts.ts";
import { waitUntil } from "./wait-until.ts";
import { silentLog } from "./worker-parts.ts";

const answerWithinMs = 10_000;

export type GatewayOptions = {
  /** Upstream ports by priority. */
  targets: number[];
  rulesets?: Record<string, unknown>;
  limits?: Record<string, number>;
  /** TLS with clients. */
  tls?: ServerTls;
  /** Settings of the route. */
  route?: Record<string, unknown>;
  /** More routes. */
  routes?: Record<string, unknown>[];
  /** Of the policy: which users go to them. */
  to?: Record<string, unknown>;
  /** An authority that certificates of servers may come from, PEM. */
  trustedAuthority?: string;
  /** What the worker has for bridges. */
  credentials?: readonly Credential[];
  /** Of the proxy action. */
  settings?: Record<string, unknown>;
  content?: Record<string, unknown>;
  /** Sections of the document: scanners, dictionaries, notices. */
  document?: Record<string, unknown>;
  parts?: Partial<ContentParts>;
  policyName?: string;
  /** What outlives the gateway; absent: nothing does. */
  stateDir?: string;
  now?: () => number;
};

/** POP3 sessions of ours on a port of their own, before a fake server. */
export class Pop3Gateway {
  readonly events: WorkerEvent[] = [];
  /** The records of sessions that are over. */
  readonly connections: ConnectionEvent[] = [];
  readonly hits: string[] = [];
  readonly sessions: Session[] = [];
  readonly holdMemory = new HoldMemory();
  readonly temporaryFolder = mkdtempSync(join(tmpdir(), "postern-pop3-"));
  readonly stateDir: string;
  readonly now: () => number;
  readonly mailboxVerdicts: VerdictStore;
  readonly firstSeen: FirstSeen;
  readonly #keepsState: boolean;
  readonly content: ContentParts;
  #quarantine: FileQuarantine | null = null;
  readonly loginFailures = new LoginFailures(Date.now);
  readonly bans: ({ address: string } & BanRequest)[] = [];
  readonly pop3Servers: Pop3Servers;
  readonly #bridge: Bridge;
  ended = 0;
  /** What `resolve` answers from now on. */
  governing: GoverningPolicy | null;
  readonly #server: Server;
  #ids = 0;

  constructor(options: GatewayOptions) {
    this.governing = governingPolicy(options, 1);
    this.content = contentParts(options.parts);
    this.#bridge = bridgeOf(options.credentials ?? []);
    this.pop3Servers = new Pop3Servers({
      log: pino({ level: "silent" }),
      now: Date.now,
      random: Math.random,
      clientTls: new ClientTls(options.trustedAuthority ?? null),
    });
    this.now = options.now ?? Date.now;
    this.#keepsState = options.stateDir !== undefined;
    this.stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), "postern-pop3-state-"));
    const memory = { stateDir: this.stateDir, log: silentLog, now: this.now };
    this.mailboxVerdicts = new VerdictStore(memory);
    this.firstSeen = new FirstSeen(memory);
    const initial = this.governing;
    this.#server = createServer({ noDelay: true }, (socket) => {
      const admission: Admission = {
        services: this.#services(),
        client: { address: "127.0.0.1", port: socket.remotePort ?? 0 },
        listener: { address: "127.0.0.1", port: 110 },
        governing: this.governing ?? initial,
        tls: options.tls ?? null,
        resolve: () => this.governing,
        onEnd: () => {
          this.ended++;
        },
      };
      this.sessions.push(startPop3Session(socket, admission, this.loginFailures));
    });
  }

  get quarantine(): FileQuarantine {
    if (this.#quarantine === null) throw new Error("the gateway does not listen yet");
    return this.#quarantine;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(): Promise<number> {
    const damaged = (file: string, reason: string) => {
      throw new Error(`${file}: ${reason}`);
    };
    const { stateDir } = this;
    this.#quarantine = await FileQuarantine.open({ stateDir, bytesMax: 1024 ** 3, now: Date.now, damaged });
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this.port;
  }

  /** Closes, and fails when a session, a file or a held message was left behind. */
  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await waitUntil("every session tells its end once", () => this.ended === this.sessions.length);
    this.pop3Servers.close();
    await new Promise((resolve) => this.#server.close(resolve));
    const left = readdirSync(this.temporaryFolder);
    rmSync(this.temporaryFolder, { recursive: true });
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    await this.quarantine.close();
    await Promise.all([this.mailboxVerdicts.close(), this.firstSeen.close()]);
    if (!this.#keepsState) rmSync(this.stateDir, { recursive: true });
    const inspected = this.content.memory.bytes;
    if (inspected !== 0) throw new Error(`${inspected} bytes of parts are still held`);
    if (this.holdMemory.bytes !== 0) throw new Error(`${this.holdMemory.bytes} bytes of messages are still held`);
  }

  #services(): Services {
    const log = { info() {}, warn() {}, error() {}, debug() {} };
    return {
      recorder: {
        event: (raw: WorkerEvent) => {
          const event = eventSchema.parse(raw);
          if (event.kind === "connection") this.connections.push(event);
          else this.events.push(event);
        },
        tellsGrounds: true,
        ruleHit: (id: string, effect: string) => this.hits.push(`${effect} ${id}`),
      },
      bans: { ban: (address: string, request: BanRequest) => this.bans.push({ address, ...request }) },
      rates: { messages: new RateWindow(Date.now), recipients: new RateWindow(Date.now) },
      log,
      newId: () => `ID${String(++this.#ids).padStart(24, "0")}`,
      now: this.now,
      holdRoom: { folder: this.temporaryFolder, memory: this.holdMemory },
      content: this.content,
      quarantine: this.quarantine,
      pop3Servers: this.pop3Servers,
      bridge: this.#bridge,
      mailboxVerdicts: this.mailboxVerdicts,
      firstSeen: this.firstSeen,
    } as unknown as Services;
  }
}

export function governingPolicy(options: GatewayOptions, revision: number): GoverningPolicy {
  const compiled = compilePolicy(mailboxDocument(options));
  const policy = compiled.ok ? compiled.policy.listeners[0]?.policies[0] : undefined;
  if (policy === undefined) throw new Error(JSON.stringify(compiled));
  return { policy, revision };
}

export function mailboxDocument({
  targets,
  rulesets,
  limits,
  settings,
  route,
  routes,
  to,
  content,
  document: sections,
  policyName = "Fetch",
}: GatewayOptions): PolicyDocument {
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "Trusted", zone: "trusted" }],
    routes: [
      {
        name: "mailbox",
        protocol: "pop3",
        targets: targets.map((port, priority) => ({ host: "127.0.0.1", port, priority })),
        ...route,
      },
      ...(routes ?? []),
    ],
    ...sections,
    proxyActions: [
      {
        name: "Mail fetch",
        protocol: "pop3",
        direction: "outgoing",
        rulesets: rulesets ?? {},
        limits: { loginFailureDelayMs: 1, ...limits },
        content: content ?? {},
        settings: settings ?? {},
      },
    ],
    policies: [
      {
        name: policyName,
        protocol: "pop3",
        from: { interface: "Trusted" },
        to: { interface: "Trusted", route: "mailbox", ...to },
        listen: [{ address: "127.0.0.1", port: 2110 }],
        proxyAction: "Mail fetch",
      },
    ],
  });
}

/** A raw client: says bytes, hears bytes. */
export class Pop3Client {
  heard = "";
  closed = false;
  socket: Socket;
  #onChange: (() => void) | null = null;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.#listen();
  }

  /** Speaks TLS from here on; rejects with why that fails. */
  async startTls(options: ConnectionOptions = {}): Promise<TLSSocket> {
    this.socket.removeAllListeners("data");
    const socket = tlsConnect({ socket: this.socket, rejectUnauthorized: false, ...options });
    await once(socket, "secureConnect");
    this.socket = socket;
    this.#listen();
    return socket;
  }

  #listen(): void {
    this.socket.on("data", (chunk) => {
      this.heard += chunk.toString("latin1");
      this.#onChange?.();
    });
    this.socket.on("error", () => undefined);
    for (const event of ["end", "close"]) {
      this.socket.on(event, () => {
        this.closed = true;
        this.#onChange?.();
      });
    }
  }

  say(text: string): void {
    this.socket.write(text, "latin1");
  }

  /** Takes everything heard up to and including the text. */
  async until(text: string): Promise<string> {
    for (let from = 0; ; ) {
      const at = this.heard.indexOf(text, from);
      if (at !== -1) {
        const taken = this.heard.slice(0, at + text.length);
        this.heard = this.heard.slice(at + text.length);
        return taken;
      }
      if (this.closed)
        throw new Error(`closed before ${JSON.stringify(text)}: ${JSON.stringify(this.heard.slice(0, 300))}`);
      from = Math.max(0, this.heard.length - text.length);
      await this.#change(`${JSON.stringify(text)} after ${JSON.stringify(this.heard.slice(0, 300))}`);
    }
  }

  #change(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nothing more was heard: ${what}`)), answerWithinMs);
      this.#onChange = () => {
        clearTimeout(timer);
        this.#onChange = null;
        resolve();
      };
    });
  }

  line(): Promise<string> {
    return this.until("\r\n");
  }

  /** A multi-line answer, end mark included. */
  async answer(command: string): Promise<string> {
    this.say(`${command}\r\n`);
    const status = await this.line();
    return status.startsWith("+OK") ? status + (await this.body()) : status;
  }

  async body(): Promise<string> {
    if (this.heard.startsWith(".\r\n")) return this.until(".\r\n");
    return this.until("\r\n.\r\n");
  }

  async ask(command: string): Promise<string> {
    this.say(`${command}\r\n`);
    return this.line();
  }

  async login(): Promise<void> {
    await this.line();
    await this.ask("USER joe");
    const answer = await this.ask("PASS secret");
    if (!answer.startsWith("+OK")) throw new Error(answer);
  }

  async whenClosed(): Promise<string> {
    while (!this.closed) await this.#change("the connection does not close");
    this.socket.destroy();
    return this.heard;
  }
}
