import { createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Protocol } from "#core/contract/facts.ts";
import type { Admission, Services, Session } from "../services.ts";
import type { FindCertificate } from "../tls/server-tls.ts";
import { admit, type Client, governingPolicy, type ListenerPolicy, type Refusal } from "./admission.ts";
import { banFor } from "./auto-ban.ts";
import { awaitProxyHeader } from "./await-proxy-header.ts";
import { canonicalAddress, clientAddress } from "./client-address.ts";
import { ConnectionCounts } from "./connection-counts.ts";
import { RateWindow } from "./rate-window.ts";
import { refusalEvent, refusalWords, type ToldRefusal } from "./refusal-event.ts";
import { RefusalRepeats } from "./refusal-repeats.ts";
import { refuse } from "./refuse.ts";
import type { SourceBans } from "./source-bans.ts";

export type SessionStarters = Record<Protocol, (socket: Socket, admission: Admission) => Session>;

export type ListenerContext = {
  services: Services;
  bans: SourceBans;
  starters: SessionStarters;
  /** The certificates that listeners name; absent: there are none. */
  findCertificate?: FindCertificate;
  /** Whether newcomers are sent away; absent: never. */
  isDraining?(): boolean;
};

/** Connections that wait for the kernel's accept; the kernel may cut it. */
const backlog = 1024;
/** Connections of balancers that have not said yet whose they are. */
const askedBalancersMax = 10_000;

/** One bound address and port and the sessions that came through it. Accepts nothing until `open`. */
export class Listener {
  readonly counts = new ConnectionCounts();
  readonly #context: ListenerContext;
  #server: Server | null = null;
  readonly #sessions = new Set<Session>();
  readonly #repeats = new RefusalRepeats();
  /** Connections that each source began. */
  readonly #begun: RateWindow;
  /** Accepted before `open`. */
  #waiting: Socket[] | null = [];
  readonly #asked = new Set<Socket>();
  #current: ListenerPolicy | null = null;
  #place: Admission["listener"] = { address: "", port: 0 };
  #stopping = false;
  #whenIdle: (() => void)[] = [];

  constructor(context: ListenerContext) {
    this.#context = context;
    this.#begun = new RateWindow(context.services.now);
  }

  get current(): ListenerPolicy | null {
    return this.#current;
  }

  /** The bound port: differs from the wanted one only when that was 0. */
  get port(): number {
    const address = this.#server?.address() ?? null;
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Resolves with null once bound, or with why not. May be called again after `unbind`. */
  bind(address: string, port: number): Promise<NodeJS.ErrnoException | null> {
    const { log } = this.#context.services;
    this.#place = { address, port };
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    return new Promise((resolve) => {
      server.once("error", resolve);
      server.listen({ host: address, port, backlog, ipv6Only: isIPv6(address) }, () => {
        server.removeListener("error", resolve);
        server.on("error", (error) => log.error({ err: error, address, port }, "listener fault"));
        this.#server = server;
        resolve(null);
      });
    });
  }

  /** Stops accepting; the policy stays in force for running sessions. */
  unbind(): void {
    this.#server?.close();
    this.#server = null;
  }

  /** Puts a policy in force: for new connections, and for the next transaction of running sessions. */
  open(current: ListenerPolicy): void {
    this.#current = current;
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const socket of waiting) this.#accept(socket);
  }

  /** Stops accepting. Running sessions finish what they do; no policy governs their next transaction. */
  close(): void {
    this.#current = null;
    for (const socket of this.#waiting ?? []) socket.destroy();
    this.#waiting = null;
    this.#hangUp();
    this.unbind();
  }

  /** Stops accepting and asks every session to end; resolves when the last has. The policy stays in force. */
  drain(): Promise<void> {
    this.#stopping = true;
    this.#hangUp();
    this.unbind();
    for (const session of [...this.#sessions]) session.drain();
    return this.idle();
  }

  /** Resolves when no session runs. */
  idle(): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Those that run now. */
  get sessions(): Iterable<Session> {
    return this.#sessions;
  }

  destroy(): void {
    for (const session of [...this.#sessions]) session.destroy();
  }

  /** On balancers that have not said yet whose connections they are. */
  #hangUp(): void {
    for (const socket of [...this.#asked]) socket.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#waiting !== null) {
      socket.on("error", () => socket.destroy());
      this.#waiting.push(socket);
      return;
    }
    const address = clientAddress(socket.remoteAddress);
    // A peer that is gone already has no address; a closed listener may still hand out what it had accepted.
    if (address === "" || this.#current === null) {
      socket.destroy();
      return;
    }
    const client = { address, port: socket.remotePort ?? 0 };
    if (this.#current.listener.balancers?.has(address)) this.#askBalancer(socket, client);
    else this.#admit(socket, client);
  }

  /** A balancer says whose connection it is, before anything else is spoken. */
  #askBalancer(socket: Socket, balancer: Client): void {
    if (this.#asked.size >= askedBalancersMax) {
      socket.destroy();
      return;
    }
    this.#asked.add(socket);
    awaitProxyHeader(socket, (header) => {
      this.#asked.delete(socket);
      if (header === null) socket.destroy();
      else if ("fault" in header) this.#refuseHeader(socket, balancer, header.fault);
      else this.#admit(socket, header.source ?? { ...balancer, isBalancer: true });
    });
  }

  #refuseHeader(socket: Socket, balancer: Client, fault: string): void {
    // proxy-protocol.txt §2: what is no header is not guessed at.
    socket.destroy();
    if (this.#current === null) return;
    const words = `the balancer's PROXY header cannot be used: ${fault}`;
    this.#tell(balancer, this.#current, "proxy-header", { policy: null, words, reply: null });
  }

  #admit(socket: Socket, client: Client): void {
    if (this.#current === null) {
      socket.destroy();
      return;
    }
    if (this.#stopping || this.#context.isDraining?.() === true) {
      refuse(socket, this.#current.listener, "stopping");
      return;
    }
    const memory = { counts: this.counts, begun: this.#begun, bans: this.#context.bans };
    const decision = admit(client, this.#current, memory, this.#context.services.now());
    if (!decision.admitted) this.#refuse(socket, client, this.#current, decision);
    else this.#start(socket, client, decision.governing);
  }

  #refuse(socket: Socket, client: Client, current: ListenerPolicy, { cause, policy }: Refusal): void {
    const reply = refuse(socket, current.listener, cause);
    const definition = policy?.action.definition;
    const words =
      cause === "source-rate" && definition?.protocol === "smtp"
        ? banFor("rate", refusalWords(cause), client.address, definition.settings, this.#context.bans)
        : refusalWords(cause);
    this.#tell(client, current, cause, { policy, words, reply });
  }

  /** Unless the same was told of the source a moment ago. */
  #tell({ address, port }: Client, current: ListenerPolicy, cause: string, what: Omit<ToldRefusal, "untold">): void {
    const { recorder, newId, now } = this.#context.services;
    const untold = this.#repeats.count(`${address} ${cause}`, now());
    if (untold === null) return;
    const base = { id: newId(), at: now(), client: { address, port } };
    recorder.event(refusalEvent(base, current, { ...what, untold }));
  }

  #start(socket: Socket, { address, port }: Client, governing: Admission["governing"]): void {
    const { services, bans, starters } = this.#context;
    const { protocol } = governing.policy;
    /** Whom policies are asked about: a trusted proxy may tell of another client. */
    let source = address;
    const govern = (of: string) => governingPolicy(of, protocol, this.#current, services.now());
    let session: Session | null = null;
    let ended = false;
    this.counts.add(address);
    const admission: Admission = {
      services,
      client: { address, port },
      listener: this.#place,
      governing,
      tls: this.#current?.tls ?? null,
      resolve: () => govern(source),
      readmit: (told) => {
        const other = canonicalAddress(told);
        const found = other === null || bans.isBanned(other) ? null : govern(other);
        if (other !== null && found !== null) source = other;
        return found;
      },
      onEnd: () => {
        if (ended) return;
        ended = true;
        this.counts.remove(address);
        if (session !== null) this.#forget(session);
      },
    };
    try {
      session = starters[protocol](socket, admission);
      if (!ended) this.#sessions.add(session);
    } catch (error) {
      services.log.error({ err: error, client: admission.client }, "a session could not be started");
      socket.on("error", () => socket.destroy());
      socket.destroy();
      admission.onEnd();
    }
  }

  #forget(session: Session): void {
    this.#sessions.delete(session);
    if (this.#sessions.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
