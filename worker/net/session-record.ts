import type { Verdict } from "#core/contract/decision.ts";
import {
  type ConnectionEnd,
  type ConnectionEvent,
  connectionMessagesMax,
  type MailboxRecord,
  type MessageEvent,
  type Outcome,
  type WorkerEvent,
} from "#core/contract/event.ts";
import type { LiveSession } from "#core/contract/live-session.ts";
import type { GoverningPolicy, Recorder, Services } from "../services.ts";
import { SessionTrace } from "./session-trace.ts";

/** What a session says of itself. */
export type SessionView = Pick<LiveSession, "client" | "helo" | "user" | "state" | "bytesIn" | "bytesOut"> & {
  governing: GoverningPolicy;
  authMechanism: string | null;
  /** Of the client's leg. */
  tls: string | null;
};

/** Ends that are worth a record by themselves. */
const faultyEnds: ReadonlySet<ConnectionEnd> = new Set(["refused", "lost", "killed", "fault"]);
const smoothOutcomes: ReadonlySet<Outcome> = new Set(["relayed", "spooled", "retrieved"]);

/**
 * What is written down of a session while it runs; becomes its one event. It stands before the recorder of its session: every event passes
 * through it, is counted, and carries the session's id from then on.
 */
export class SessionRecord implements Recorder {
  readonly id: string;
  readonly trace: SessionTrace;
  /** The server that serves it now, and what its leg speaks. */
  upstream: string | null = null;
  upstreamTls: string | null = null;
  readonly #recorder: Recorder;
  readonly #now: () => number;
  /** Of messages; null: there was none yet, as in most sessions that wait. */
  #verdicts: Map<Verdict, number> | null = null;
  readonly #messageIds: string[] = [];
  #messages = 0;
  /** What went wrong last. */
  #fault: string | null = null;
  #end: { end: ConnectionEnd; cause: string | null } | null = null;
  #closed = false;

  constructor({ recorder, newId, now }: Pick<Services, "recorder" | "newId" | "now">) {
    this.id = newId();
    this.#recorder = recorder;
    this.#now = now;
    this.trace = new SessionTrace(now);
  }

  get tellsGrounds(): boolean {
    return this.#recorder.tellsGrounds;
  }

  event(event: WorkerEvent): void {
    if (event.kind === "message") this.noteMessage(event);
    if (event.kind === "session") this.#fault = event.cause;
    if (event.kind === "message" || event.kind === "session") event.connection = this.id;
    this.#recorder.event(event);
  }

  ruleHit(ruleId: string, effect: "enforced" | "observed"): void {
    this.#recorder.ruleHit(ruleId, effect);
  }

  /** How it ends and why; the first word about it stands. */
  ends(end: ConnectionEnd, cause: string | null = null): void {
    this.#end ??= { end, cause };
  }

  /** The socket is closed: tells the event, where the proxy action keeps records. The second call does nothing. */
  close(view: SessionView): void {
    if (this.#closed) return;
    this.#closed = true;
    const { sessionRecords } = view.governing.policy.action.definition.settings;
    const { end, cause } = this.#end ?? { end: "left" as const, cause: null };
    const isFaulty = this.#fault !== null || faultyEnds.has(end);
    if (sessionRecords === "none" || (sessionRecords === "faults" && !isFaulty)) return;
    // Who only looks whether we listen has nothing to tell: balancers do so all the time.
    if (!isFaulty && this.trace.lastCommand === null) return;
    this.#recorder.event({ ...this.#event(view), end, cause: cause ?? (end === "refused" ? this.#fault : null) });
  }

  live({ governing, client, helo, user, state, tls, bytesIn, bytesOut }: SessionView): LiveSession {
    const { policy } = governing;
    return {
      id: this.id,
      protocol: policy.protocol,
      interface: policy.fromInterface,
      policy: policy.name,
      client: { address: client.address, port: client.port },
      helo,
      user,
      state,
      lastCommand: this.trace.lastCommand,
      tls: { client: tls, upstream: this.upstreamTls },
      upstream: this.upstream,
      beganAt: new Date(this.trace.startedAt).toISOString(),
      bytesIn,
      bytesOut,
      messages: this.#messages,
    };
  }

  protected get mailbox(): MailboxRecord | null {
    return null;
  }

  /** Why the record raises an alarm, or null. */
  protected alarm(_governing: GoverningPolicy): string | null {
    return null;
  }

  protected noteMessage({ id, protocol, decision: { verdict }, outcome, upstream, tls }: MessageEvent): void {
    this.#messages++;
    if (this.#messageIds.length < connectionMessagesMax) this.#messageIds.push(id);
    this.#verdicts ??= new Map();
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
    if (!smoothOutcomes.has(outcome)) this.#fault ??= `a message was ${outcome}`;
    // A POP3 session has one server, which is known before any message.
    if (upstream === null || protocol === "pop3") return;
    this.upstream = upstream;
    this.upstreamTls = tls?.upstream ?? null;
  }

  #event({ governing, client, helo, user, authMechanism, tls, bytesIn, bytesOut }: SessionView) {
    const { policy } = governing;
    const { definition } = policy.action;
    const alarm = this.alarm(governing);
    return {
      kind: "connection",
      id: this.id,
      at: new Date(this.#now()).toISOString(),
      protocol: policy.protocol,
      direction: definition.direction,
      interface: policy.fromInterface,
      policy: policy.name,
      proxyAction: definition.name,
      durationMs: this.trace.ageMs,
      client: { address: client.address, port: client.port },
      helo,
      user,
      authMechanism,
      tls: { client: tls, upstream: this.upstreamTls },
      upstream: this.upstream,
      bytesIn,
      bytesOut,
      verdicts: Array.from(this.#verdicts ?? [], ([verdict, messages]) => ({ verdict, messages })),
      messageIds: this.#messageIds,
      mailbox: this.mailbox,
      trace: this.trace.entries,
      untraced: this.trace.untraced,
      ...(alarm === null ? {} : { alarm }),
    } satisfies Omit<ConnectionEvent, "end" | "cause">;
  }
}
