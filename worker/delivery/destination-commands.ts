import { setImmediate as nextTurn } from "node:timers/promises";
import type { Logger } from "pino";
import type { DestinationAnswer, DestinationRequest } from "#core/contract/control-api.ts";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { Services } from "../services.ts";
import type { DeliveryQueue } from "../spool/delivery-queue.ts";
import type { SmtpPool } from "../upstream/smtp-pool.ts";
import { cleanReply } from "./attempt-outcome.ts";
import type { Delivery } from "./delivery.ts";
import type { ShownQueue } from "./shown-queue.ts";
import type { SuspendedDestinations } from "./suspended-destinations.ts";

/** Messages that are made due between two turns of everything else. */
const advancedAtOnce = 1_000;

export type DestinationCommandParts = Pick<Services, "recorder" | "newId" | "now"> & {
  suspended: Pick<SuspendedDestinations, "suspend" | "resume">;
  queue: Pick<DeliveryQueue, "idsFor" | "advance">;
  shown: Pick<ShownQueue, "changed">;
  delivery: Pick<Delivery, "resumed">;
  pool: Pick<SmtpPool, "check" | "targetStates" | "lease" | "release">;
  findRoute(name: string): SmtpRoute | null;
  log: Logger;
};

/** What a person can do about a destination. */
export class DestinationCommands {
  readonly #parts: DestinationCommandParts;

  constructor(parts: DestinationCommandParts) {
    this.#parts = parts;
  }

  /** Resolves once it is done and on disk. */
  async command(request: DestinationRequest): Promise<DestinationAnswer> {
    const { suspended, shown, queue, delivery, now } = this.#parts;
    const { command, route, destination, by } = request;
    if (command === "probe") return await this.#probe(request);
    const wrong = command === "suspend" ? this.#wrong(route, destination) : null;
    if (wrong !== null) return { done: false, reason: wrong };
    const since = new Date(now()).toISOString();
    const reason =
      command === "suspend"
        ? await suspended.suspend({ route, destination, by, since })
        : await suspended.resume({ route, destination });
    if (reason !== null) return { done: false, reason };
    this.#record(request, null);
    shown.changed(queue.idsFor(route, destination));
    delivery.resumed();
    return { done: true, reason: null };
  }

  /** Why nothing goes there. */
  #wrong(name: string, destination: string): string | null {
    const [waiting] = this.#parts.queue.idsFor(name, destination);
    if (waiting !== undefined) return null;
    const route = this.#parts.findRoute(name);
    if (route === null) return `the policy in force has no SMTP route named ${name}`;
    if (route.lookup === "targets" && destination !== name) return `the destination of the route ${name} is ${name}`;
    return null;
  }

  #record({ command, route, destination, by }: DestinationRequest, result: string | null): void {
    const { recorder, newId, now, log } = this.#parts;
    log.info({ command, route, destination, by, result }, "a person's command on a destination of the queue");
    const at = new Date(now()).toISOString();
    recorder.event({ kind: "operation", id: newId(), at, command, target: { route, destination }, by, result });
  }

  async #probe(request: DestinationRequest): Promise<DestinationAnswer> {
    const { route: name, destination } = request;
    const route = this.#parts.findRoute(name);
    if (route === null) return { done: false, reason: `the policy in force has no SMTP route named ${name}` };
    const { serves, words } =
      route.lookup === "mx" ? await this.#askDomain(route, destination) : await this.#askTargets(route);
    this.#record(request, cleanReply(words));
    if (serves) await this.#advance(name, destination);
    return { done: serves, reason: words };
  }

  async #askTargets(route: SmtpRoute): Promise<{ serves: boolean; words: string }> {
    const { pool } = this.#parts;
    await Promise.all(
      route.targets.map((target) => new Promise<void>((resolve) => pool.check(route, target, 0, resolve))),
    );
    const states = pool.targetStates(route);
    const up = states.filter(({ state }) => state === "up").map(({ target }) => target);
    if (up.length > 0) return { serves: true, words: `${up.join(", ")} serves` };
    return { serves: false, words: states.map(({ target, lastError }) => `${target}: ${lastError}`).join("; ") };
  }

  #askDomain(route: SmtpRoute, domain: string): Promise<{ serves: boolean; words: string }> {
    const { pool } = this.#parts;
    return new Promise((resolve) => {
      const taken: Parameters<SmtpPool["lease"]>[2] = (error, connection) => {
        if (connection === null) return resolve({ serves: false, words: `${error?.target}: ${error?.message}` });
        pool.release(connection);
        resolve({ serves: true, words: `${connection.target} serves` });
      };
      pool.lease(route, domain, taken, true);
    });
  }

  /** What waits for it is due now. */
  async #advance(route: string, destination: string): Promise<void> {
    let advanced = 0;
    for (const id of [...this.#parts.queue.idsFor(route, destination)]) {
      this.#parts.queue.advance(id);
      if (++advanced % advancedAtOnce === 0) await nextTurn();
    }
  }
}
