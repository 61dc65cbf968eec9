import type { DeliveryEvent } from "#core/contract/event.ts";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { QueueDestination } from "#core/contract/queue.ts";
import { underTlsDemand } from "#core/policy/tls-demand.ts";
import type { KnownRecipients } from "../smtp/known-recipients.ts";
import { destinationKey } from "../spool/destination-names.ts";
import type { Progress, QueueRecord } from "../spool/queue-record.ts";
import type { DestinationCount } from "../spool/queue-table.ts";
import type { CommandResult } from "../spool/spool.ts";
import type { SpoolMessage } from "../spool/spool-file.ts";
import type { SmtpPool } from "../upstream/smtp-pool.ts";
import { type SendResult, sendMessage } from "../upstream/smtp-send.ts";
import { domainOf } from "../upstream/smtp-transaction.ts";
import { attemptOutcome, lifetimeMs, pendingRecipients, waitsOf } from "./attempt-outcome.ts";
import { ClockJumps } from "./clock-jumps.ts";
import { DestinationActivity } from "./destination-activity.ts";
import { DestinationPace } from "./destination-pace.ts";
import { FinalDots } from "./final-dots.ts";
import { passedOver } from "./passed-over.ts";
import { RouteProbes } from "./route-probe.ts";
import { RouteQueue } from "./route-queue.ts";
import { SenderNotices, type SenderNoticesOptions } from "./sender-notices.ts";
import type { SuspendedDestinations } from "./suspended-destinations.ts";

/** To a route whose servers were not reached just now, of what cannot be passed over. */
const attemptsWhileDownMax = 2;
const tickMs = 250;
/** Messages for routes that are down that are passed over in one turn: a long queue must not hold up everything else. */
const passedAtOnceMax = 500;
/** A route that takes messages again is told to its queue not more often than this. */
const wakeEveryMs = 1_000;
/** After a fault of ours (the disk, most likely) the message rests: trying at once would only repeat it without end. */
export const faultWaitMs = 60_000;

export type DeliveryOptions = SenderNoticesOptions & {
  pool: SmtpPool;
  /** Learns who took mail. */
  knownRecipients: Pick<KnownRecipients, "note">;
  suspended: Pick<SuspendedDestinations, "has" | "list">;
  random(): number;
};

/** Brings queued messages to their servers: what is due, a bounded number at once on each route and to each destination. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #routes = new Map<string, RouteQueue>();
  readonly #wokenAt = new Map<string, number>();
  readonly #clock: ClockJumps;
  readonly #probes: RouteProbes;
  readonly #notices: SenderNotices;
  readonly #activity = new DestinationActivity();
  readonly #pace: DestinationPace;
  readonly #finalDots = new FinalDots();
  readonly #attempts = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #kicked = false;
  #stopped = false;
  #draining = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#clock = new ClockJumps(options.now);
    this.#probes = new RouteProbes(options.pool, options.now);
    this.#notices = new SenderNotices(options);
    this.#pace = new DestinationPace(options.now);
  }

  start(): void {
    const { queue } = this.#options;
    for (const id of queue.ids()) this.#note(id);
    queue.onChange((id) => this.#note(id));
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#kick();
  }

  /** Begins no attempt any more; resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await Promise.all(this.#attempts);
  }

  /** A session or an attempt found the route's server there again. */
  routeReached(route: string): void {
    const queue = this.#routes.get(route);
    if (queue !== undefined) this.#wake(queue);
  }

  /** How the mail for each destination goes, given what waits. */
  destinations(counts: readonly DestinationCount[]): QueueDestination[] {
    const { suspended, findRoute } = this.#options;
    const isPaced = (route: string, destination: string) =>
      this.#pace.isFull(destinationKey(route, destination), findRoute(route));
    return this.#activity.statuses(counts, suspended, isPaced);
  }

  /** Takes a message out of the queue once its sender was told; `text` says why. */
  bounce(id: string, text?: string): Promise<CommandResult> {
    return this.#notices.bounce(id, text);
  }

  /** While it is on, no attempt begins. */
  setDraining(on: boolean): void {
    this.#draining = on;
    this.#kick();
  }

  /** A destination is not suspended any more. */
  resumed(): void {
    this.#kick();
  }

  #note(id: string): void {
    const record = this.#options.queue.record(id);
    this.#notices.note(id, record);
    if (record !== null) this.#activity.note(record);
    for (const queue of this.#routes.values()) if (queue.route !== record?.route) queue.note(id, null);
    if (record !== null) this.#queueOf(record.route).note(id, record);
    this.#kick();
  }

  #queueOf(route: string): RouteQueue {
    const queue = this.#routes.get(route) ?? new RouteQueue(route);
    this.#routes.set(route, queue);
    return queue;
  }

  /** One run for all changes of a turn. */
  #kick(): void {
    if (this.#kicked || this.#stopped) return;
    this.#kicked = true;
    setImmediate(() => {
      this.#kicked = false;
      this.#run();
    });
  }

  #run(): void {
    const { queue, now, findRoute } = this.#options;
    if (this.#stopped || this.#draining) return;
    let passed = 0;
    for (const route of this.#routes.values()) {
      const definition = findRoute(route.route);
      const isOpen = (destination: string) => this.#isOpen(route.route, destination, definition);
      while (route.active < this.#attemptsMax(route, definition)) {
        const id = route.take(now(), (wanted) => queue.record(wanted), isOpen);
        if (id === null) break;
        if (this.#passOver(route, definition, id)) {
          if (++passed >= passedAtOnceMax) return this.#kick();
          continue;
        }
        const record = queue.claim(id);
        if (record !== null) this.#begin(route, record);
      }
    }
  }

  /** Whether an attempt to the destination may begin now. */
  #isOpen(name: string, destination: string, route: SmtpRoute | null): boolean {
    const key = destinationKey(name, destination);
    if (this.#options.suspended.has(key) || this.#pace.isFull(key, route)) return false;
    return this.#activity.attempts(key) < this.#pace.attemptsPerDestination(route);
  }

  /** Whether the message waits for its route, which is down, without an attempt that could only fail. */
  #passOver(route: RouteQueue, definition: SmtpRoute | null, id: string): boolean {
    const { queue, now, random } = this.#options;
    const { failure } = route;
    if (definition === null || failure === null || !this.#isDown(route, definition.lookup)) return false;
    const record = queue.record(id);
    const waiting = record === null ? null : passedOver(record, definition, failure, { now: now(), random: random() });
    if (waiting !== null) queue.passOver(id, waiting);
    return waiting !== null;
  }

  #attemptsMax(route: RouteQueue, definition: SmtpRoute | null): number {
    if (this.#isDown(route, definition?.lookup ?? "targets")) return attemptsWhileDownMax;
    return this.#pace.attempts(definition);
  }

  #isDown({ route, failure }: RouteQueue, lookup: SmtpRoute["lookup"]): boolean {
    return lookup === "targets" && failure !== null && this.#options.pool.routeState(route).state === "down";
  }

  #tick(): void {
    const { pool, queue: waiting, findRoute } = this.#options;
    const jump = this.#clock.jump();
    if (jump !== 0) waiting.clockJumped(jump);
    for (const queue of this.#routes.values()) {
      const route = queue.unreached.size > 0 ? findRoute(queue.route) : null;
      // By MX, that one domain's servers are there says nothing about another's: each message keeps to its schedule.
      if (route?.lookup !== "targets") this.#probes.forget(queue.route);
      else if (this.#draining) continue;
      // An attempt may have failed before the route was reached and been noted after it.
      else if (pool.routeState(queue.route).state === "relaying") this.#wake(queue);
      else this.#probes.ask(route, () => this.#wake(queue));
    }
    this.#notices.tick();
    this.#run();
  }

  /** The route's server is there again: what could not reach it is due now. */
  #wake(queue: RouteQueue): void {
    const now = this.#options.now();
    if (Math.abs(now - (this.#wokenAt.get(queue.route) ?? 0)) < wakeEveryMs) return;
    this.#wokenAt.set(queue.route, now);
    queue.failure = null;
    for (const id of [...queue.unreached]) this.#options.queue.advance(id);
  }

  #begin(route: RouteQueue, record: Readonly<QueueRecord>): void {
    const key = destinationKey(record.route, record.destination);
    route.active++;
    this.#activity.began(key);
    this.#pace.began(key, this.#options.findRoute(record.route));
    const attempt = this.#attempt(record)
      .catch((error: unknown) => {
        this.#options.log.error({ err: error, id: record.id }, "a delivery attempt could not be finished");
        return this.#postpone(record.id);
      })
      .finally(() => {
        route.active--;
        this.#activity.ended(key);
        this.#attempts.delete(attempt);
        this.#kick();
      });
    this.#attempts.add(attempt);
  }

  /** The attempt failed before its outcome was known. */
  async #postpone(id: string): Promise<void> {
    const { queue, now, log } = this.#options;
    const record = queue.record(id);
    if (record?.state !== "delivering") return;
    const { outcomes, attempts, lastAttemptAt, notices, rerouted } = record;
    const lastReply = "451 4.3.0 The queued message could not be read or sent; the worker's log tells why";
    const times = { lastAttemptAt, nextAttemptAt: now() + faultWaitMs };
    const rest = { lastReply, ...times, unreached: false, notices, cause: "disk" as const, rerouted };
    await queue
      .settle(id, { state: "deferred", outcomes, attempts, ...rest })
      .catch((error: unknown) => log.error({ err: error, id }, "what came of a delivery attempt could not be kept"));
  }

  async #attempt(record: Readonly<QueueRecord>): Promise<void> {
    const { queue, recorder, knownRecipients, now, random, newId, findRoute } = this.#options;
    const route = findRoute(record.route);
    const message = await queue.load(record.id);
    if (message === null) return;
    const { recipients } = message.envelope;
    // By MX the others of its recipients may be at a domain that is suspended.
    const isSuspended = (at: number) => this.#isSuspended(record.route, domainOf(recipients[at]?.address ?? ""));
    const positions = pendingRecipients(record).filter((at) => route?.lookup !== "mx" || !isSuspended(at));
    const result =
      route === null
        ? routeIsGone(record.route, recipients, positions)
        : await this.#send(record.id, route, message, positions);
    const at = now();
    // That the route is reached says nothing of a server without the TLS that this message waits for.
    const wakes = message.envelope.tls === undefined;
    const times = {
      waitsMs: waitsOf(route),
      lifetimeMs: lifetimeMs(route, record.hasSender),
      now: at,
      random: random(),
    };
    for (const { address, status } of result.recipients)
      if (status === "delivered") knownRecipients.note(record.route, address);
    const before = record.outcomes;
    const outcome = attemptOutcome(record, positions, result, { ...times, wakes });
    this.#noteFailure(record.route, route, outcome.progress);
    recorder.event(deliveryEvent(record, { id: newId(), at }, result, outcome));
    const attempt = { before, positions, result, progress: outcome.progress };
    await queue.settle(record.id, await this.#notices.afterAttempt(record, message, attempt));
    if (outcome.result === "delivered") this.#activity.delivered(destinationKey(record.route, record.destination));
    const reached =
      result.upstream === null || route?.lookup !== "targets" ? undefined : this.#routes.get(record.route);
    if (reached !== undefined && reached.unreached.size > 0) this.#wake(reached);
  }

  /** What could not reach the route tells why the others wait that are not tried. */
  #noteFailure(name: string, route: SmtpRoute | null, { unreached, lastReply, cause }: Progress): void {
    if (unreached && route?.lookup === "targets") this.#queueOf(name).failure = { lastReply: lastReply ?? "", cause };
  }

  #isSuspended(route: string, destination: string): boolean {
    return this.#options.suspended.has(destinationKey(route, destination));
  }

  #send(
    id: string,
    route: SmtpRoute,
    { envelope, bytes, open }: SpoolMessage,
    positions: readonly number[],
  ): Promise<SendResult> {
    const { sender, mailParameters, tls } = envelope;
    const recipients = positions.flatMap((position) => envelope.recipients[position] ?? []);
    return sendMessage(
      this.#options.pool,
      underTlsDemand(route, tls ?? null),
      { sender, mailParameters, recipients, bytes },
      open,
      {
        end: (send) => this.#finalDots.enter(send),
        taken: (at) => this.#options.queue.taken(id, new Set(at.flatMap((one) => positions[one] ?? []))),
      },
    );
  }
}

function routeIsGone(
  route: string,
  recipients: SpoolMessage["envelope"]["recipients"],
  positions: readonly number[],
): SendResult {
  const reply = `451 4.4.4 The policy in force has no SMTP route named ${route}: publish one, or delete the message`;
  const deferred = positions.map((position) => ({
    address: recipients[position]?.address ?? "",
    status: "deferred" as const,
    reply,
    tellsMore: false,
    failure: { kind: "no-route" as const, answer: null },
  }));
  return { upstream: null, recipients: deferred };
}

function deliveryEvent(
  { id: messageId, route }: Pick<QueueRecord, "id" | "route">,
  { id, at }: { id: string; at: number },
  { upstream, recipients }: SendResult,
  { progress, result, reply }: ReturnType<typeof attemptOutcome>,
): DeliveryEvent {
  return {
    kind: "delivery",
    id,
    at: new Date(at).toISOString(),
    messageId,
    route,
    attempt: progress.attempts,
    result,
    recipients: recipients.map(({ address, reply: said }) => ({ address, reply: said })),
    upstream,
    reply,
    nextAttemptAt: progress.nextAttemptAt === null ? null : new Date(progress.nextAttemptAt).toISOString(),
  };
}
