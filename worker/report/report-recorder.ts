import type { WorkerEvent } from "#core/contract/event.ts";
import type { Report } from "#core/contract/report.ts";
import { reportEventsMax } from "#core/contract/report.ts";
import type { Recorder } from "../services.ts";

/** Events in memory until the next batch is written; past it the newest are dropped and counted. */
export const pendingEventsMax = 20_000;
/** Rules with hits in memory until the next batch. */
const pendingCountersMax = 100_000;

export type Batch = Pick<Report, "events" | "counters" | "eventsDropped">;

/** Gathers what sessions tell, for the console. */
export class ReportRecorder implements Recorder {
  readonly tellsGrounds = true;
  #events: WorkerEvent[] = [];
  #counters = new Map<string, Report["counters"][number]>();
  #dropped = 0;

  event(event: WorkerEvent): void {
    if (this.#events.length >= pendingEventsMax) this.#dropped++;
    else this.#events.push(event);
  }

  ruleHit(ruleId: string, effect: "enforced" | "observed"): void {
    this.addCounter(ruleId, effect === "enforced" ? 1 : 0, effect === "observed" ? 1 : 0);
  }

  addCounter(ruleId: string, enforced: number, observed: number): void {
    const counter = this.#counters.get(ruleId);
    if (counter !== undefined) {
      counter.enforced += enforced;
      counter.observed += observed;
    } else if (this.#counters.size < pendingCountersMax) {
      this.#counters.set(ruleId, { ruleId, enforced, observed });
    }
  }

  /** Counts events that were lost elsewhere. */
  addDropped(events: number): void {
    this.#dropped += events;
  }

  /** The next batch, or null when there is nothing to tell. Its events fit the contract's number and `bytesMax` of JSON. */
  take(bytesMax: number): { batch: Batch; json: string } | null {
    if (this.#events.length === 0 && this.#counters.size === 0 && this.#dropped === 0) return null;
    const events: WorkerEvent[] = [];
    const texts: string[] = [];
    let seen = 0;
    let bytes = 0;
    for (const event of this.#events) {
      const text = JSON.stringify(event);
      const eventBytes = Buffer.byteLength(text);
      const fits = eventBytes <= bytesMax;
      if (fits && (texts.length === reportEventsMax || bytes + eventBytes > bytesMax)) break;
      seen++;
      if (!fits) {
        this.#dropped++;
        continue;
      }
      events.push(event);
      texts.push(text);
      bytes += eventBytes;
    }
    this.#events.splice(0, seen);
    const batch: Batch = { events, counters: [...this.#counters.values()], eventsDropped: this.#dropped };
    this.#counters = new Map();
    this.#dropped = 0;
    const counters = JSON.stringify(batch.counters);
    return {
      batch,
      json: `{"events":[${texts.join(",")}],"counters":${counters},"eventsDropped":${batch.eventsDropped}}`,
    };
  }
}
