import { isDeepStrictEqual } from "node:util";
import type { Problem } from "#core/contract/policy-document.ts";
import type { WorkerStatus } from "#core/contract/report.ts";
import type { CompiledListener, CompiledPolicy } from "#core/policy/compile.ts";
import type { Session } from "../services.ts";
import { type FindCertificate, ServerTls } from "../tls/server-tls.ts";
import { bindProblem } from "./bind-problem.ts";
import { certificateProblems } from "./certificate-problems.ts";
import { Listener, type ListenerContext } from "./listener.ts";

type BoundListener = { address: string; port: number; listener: Listener };

/** A policy whose addresses are all bound. Exactly one of the two must be called. */
export type StagedListeners = { commit(revision: number): void; rollback(): Promise<void> };

export type StageResult = { ok: true; staged: StagedListeners } | { ok: false; problems: Problem[] };

/** Every bound listener. Changes one policy at a time: the caller serialises. */
export class Listeners {
  readonly #context: ListenerContext;
  #bound = new Map<string, BoundListener>();
  /** Closed for newcomers; their sessions may still run. */
  readonly #leaving = new Set<Listener>();
  readonly #find: FindCertificate;
  #draining = false;

  constructor(context: ListenerContext) {
    this.#context = { ...context, isDraining: () => this.#draining };
    this.#find = context.findCertificate ?? (() => null);
  }

  /** Binds what is new in `policy`. Nothing changes for anyone before `commit`; if one address cannot be bound, nothing changes at all. */
  async stage(policy: CompiledPolicy): Promise<StageResult> {
    const wanted = new Map(policy.listeners.map((listener) => [keyOf(listener), listener]));
    const gone = [...this.#bound].filter(([key]) => !wanted.has(key)).map(([, bound]) => bound);
    const fresh = [...wanted].filter(([key]) => !this.#bound.has(key));
    const added = new Map<string, BoundListener>();
    const inTheWay = gone.filter((bound) => fresh.some(([, listener]) => overlap(bound, listener)));
    const problems = certificateProblems(policy, this.#find);
    if (problems.length > 0) return { ok: false, problems };
    for (const { listener } of inTheWay) listener.unbind();
    for (const [key, { address, port }] of fresh) {
      const listener = new Listener(this.#context);
      const error = await listener.bind(address, port);
      if (error === null) added.set(key, { address, port, listener });
      else problems.push(bindProblem(policy.document, { address, port }, error));
    }
    const rollback = async (): Promise<void> => {
      for (const { listener } of added.values()) listener.close();
      for (const bound of inTheWay) await this.#restore(bound);
    };
    if (problems.length > 0) {
      await rollback();
      return { ok: false, problems };
    }
    const commit = (revision: number): void => this.#commit(wanted, added, gone, revision);
    return { ok: true, staged: { commit, rollback } };
  }

  #commit(
    wanted: Map<string, CompiledListener>,
    added: Map<string, BoundListener>,
    gone: BoundListener[],
    revision: number,
  ): void {
    const next = new Map([...this.#bound, ...added].filter(([key]) => wanted.has(key)));
    this.#bound = next;
    for (const [key, { listener }] of next) {
      const compiled = wanted.get(key);
      if (compiled !== undefined) listener.open({ listener: compiled, revision, tls: this.#tlsOf(compiled, listener) });
    }
    for (const bound of gone) this.#retire(bound);
  }

  /** Kept over revisions that leave its settings as they are: contexts are costly to make. */
  #tlsOf({ tls, protocol }: CompiledListener, { current }: Listener): ServerTls | null {
    if (tls === null) return null;
    const before = current?.listener.protocol === protocol ? (current.tls ?? null) : null;
    if (before !== null && isDeepStrictEqual(before.settings, tls)) return before;
    return new ServerTls(tls, protocol, this.#find);
  }

  #retire({ listener }: BoundListener): void {
    this.#leaving.add(listener);
    listener.close();
    void listener.idle().then(() => this.#leaving.delete(listener));
  }

  /** A wildcard had made way for an address of its port, or the reverse, and that could not be bound. */
  async #restore({ address, port, listener }: BoundListener): Promise<void> {
    const error = await listener.bind(address, port);
    if (error !== null)
      this.#context.services.log.error({ err: error, address, port }, "a listener could not be taken back");
  }

  status(): WorkerStatus["listeners"] {
    return [...this.#bound.values()].flatMap(({ address, listener }) => {
      const compiled = listener.current?.listener;
      if (compiled === undefined) return [];
      const { protocol, policies } = compiled;
      const { port, counts } = listener;
      return [{ address, port, protocol, interface: policies[0]?.fromInterface ?? "", connections: counts.total }];
    });
  }

  /** Those that run now, of every listener; in no order. */
  *sessions(): Iterable<Session> {
    for (const listener of this.#all()) yield* listener.sessions;
  }

  /** While it is on, newcomers hear that the service stops, and running sessions are asked to end; addresses stay bound. */
  setDraining(on: boolean): void {
    this.#draining = on;
    if (on) for (const session of [...this.sessions()]) session.drain();
  }

  /** Stops accepting and asks every session to end; resolves when the last has. */
  async drain(): Promise<void> {
    await Promise.all([...this.#all()].map((listener) => listener.drain()));
  }

  /** Ends every session at once. */
  destroy(): void {
    for (const listener of this.#all()) listener.destroy();
  }

  *#all(): Iterable<Listener> {
    for (const { listener } of this.#bound.values()) yield listener;
    yield* this.#leaving;
  }
}

function keyOf({ address, port }: { address: string; port: number }): string {
  return `${address} ${port}`;
}

const wildcards = ["0.0.0.0", "::"];

/** Whether the kernel refuses to have both bound at once, although they are not the same. */
function overlap(a: { address: string; port: number }, b: { address: string; port: number }): boolean {
  if (a.port !== b.port || a.address.includes(":") !== b.address.includes(":")) return false;
  return wildcards.includes(a.address) || wildcards.includes(b.address);
}
