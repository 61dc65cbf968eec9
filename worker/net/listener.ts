import { createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Protocol } from "#core/contract/facts.ts";
import type { Admission, Services, Session } from "../services.ts";
import type { FindCertificate } from "../tls/server-tls.ts";
import { admit, governingPolicy, type ListenerPolicy, type Refusal } from "./admission.ts";
import { banFor } from "./auto-ban.ts";
import { clientAddress } from "./client-address.ts";
import { ConnectionCounts } from "./connection-counts.ts";
import { RateWindow } from "./rate-window.ts";
import { refusalEvent, refusalWords } from "./refusal-event.ts";
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
};

/** Connections that wait for the kernel's accept; the kernel may cut it. */
const backlog = 1024;

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
  #current: ListenerPolicy | null = null;
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
    this.unbind();
  }

  /** Stops accepting and asks every session to end; resolves when the last has. The policy stays in force. */
  drain(): Promise<void> {
    this.#stopping = true;
    this.unbind();
    for (const session of [...this.#sessions]) session.drain();
    return this.idle();
  }

  /** Resolves when no session runs. */
  idle(): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  destroy(): void {
    for (const session of [...this.#sessions]) session.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#waiting !== null) {
      socket.on("error", () => socket.destroy());
      this.#waiting.push(socket);
      return;
    }
    const source = clientAddress(socket.remoteAddress);
    // A peer that is gone already has no address; a closed listener may still hand out what it had accepted.
    if (source === "" || this.#current === null) {
      socket.destroy();
      return;
    }
    if (this.#stopping) {
      refuse(socket, this.#current.listener, "stopping");
      return;
    }
    const memory = { counts: this.counts, begun: this.#begun, bans: this.#context.bans };
    const decision = admit(source, this.#current, memory, this.#context.services.now());
    if (!decision.admitted) this.#refuse(socket, source, this.#current, decision);
    else this.#start(socket, source, decision.governing);
  }

  #refuse(socket: Socket, source: string, current: ListenerPolicy, { cause, policy }: Refusal): void {
    const { services, bans } = this.#context;
    const client = { address: source, port: socket.remotePort ?? 0 };
    const reply = refuse(socket, current.listener, cause);
    const definition = policy?.action.definition;
    const words =
      cause === "source-rate" && definition?.protocol === "smtp"
        ? banFor("rate", refusalWords(cause), source, definition.settings, bans)
        : refusalWords(cause);
    const untold = this.#repeats.count(`${source} ${cause}`, services.now());
    if (untold === null) return;
    const base = { id: services.newId(), at: services.now(), client };
    services.recorder.event(refusalEvent(base, current, policy, { words, reply, untold }));
  }

  #start(socket: Socket, source: string, governing: Admission["governing"]): void {
    const { services, starters } = this.#context;
    const { protocol } = governing.policy;
    let session: Session | null = null;
    let ended = false;
    this.counts.add(source);
    const admission: Admission = {
      services,
      client: { address: source, port: socket.remotePort ?? 0 },
      governing,
      tls: this.#current?.tls ?? null,
      resolve: () => governingPolicy(source, protocol, this.#current, services.now()),
      onEnd: () => {
        if (ended) return;
        ended = true;
        this.counts.remove(source);
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
