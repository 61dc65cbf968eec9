import type { Logger } from "pino";
import type { DrainRequest } from "#core/contract/control-api.ts";
import type { Delivery } from "./delivery/delivery.ts";
import type { Listeners } from "./net/listeners.ts";
import type { Services } from "./services.ts";

export type DrainParts = {
  listeners: Pick<Listeners, "setDraining">;
  delivery: Pick<Delivery, "setDraining">;
  services: Pick<Services, "recorder" | "newId" | "now">;
  log: Logger;
};

/** A person empties the worker: what is under way finishes, nothing new begins, and nothing stops listening. A restart ends it. */
export class WorkerDrain {
  readonly #parts: DrainParts;
  #on = false;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  get isOn(): boolean {
    return this.#on;
  }

  set({ on, by }: DrainRequest): void {
    const { listeners, delivery, services, log } = this.#parts;
    if (on !== this.#on) {
      log.info({ on, by }, on ? "a person drains the worker" : "a person ended the drain");
      const command = on ? "drain" : "end-drain";
      const at = new Date(services.now()).toISOString();
      services.recorder.event({ kind: "operation", id: services.newId(), at, command, target: null, by, result: null });
    }
    this.#on = on;
    listeners.setDraining(on);
    delivery.setDraining(on);
  }
}
