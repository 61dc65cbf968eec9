import type { WorkerEvent } from "#core/contract/event.ts";
import type { Recorder } from "#worker/services.ts";

/** Keeps what a worker's parts tell, in memory. */
export class EventList implements Recorder {
  readonly tellsGrounds = true;
  readonly events: WorkerEvent[] = [];
  readonly hits: [string, "enforced" | "observed"][] = [];

  event(event: WorkerEvent): void {
    this.events.push(event);
  }

  ruleHit(ruleId: string, effect: "enforced" | "observed"): void {
    this.hits.push([ruleId, effect]);
  }
}
