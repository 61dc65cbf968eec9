import type { Logger } from "pino";
import type { WorkerEvent } from "#core/contract/event.ts";
import type { Recorder } from "../services.ts";

/**
 * Without a console, events go to the log: everything that was refused, replaced or failed, and what rules say to log. Of a decision's trace
 * the log has the rules that matched: those that did not are many, and the console's to keep, as is what they were asked about.
 */
export class LogRecorder implements Recorder {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  get tellsGrounds(): boolean {
    return this.#log.isLevelEnabled("debug");
  }

  event(event: WorkerEvent): void {
    if (isNotable(event)) this.#log.info({ event: shortened(event) }, event.kind);
    else if (this.#log.isLevelEnabled("debug")) this.#log.debug({ event }, event.kind);
  }

  ruleHit(): void {}
}

function shortened(event: WorkerEvent): WorkerEvent {
  if (event.kind !== "message") return event;
  const { decision, judged: _, ...others } = event;
  return { ...others, decision: { ...decision, trace: decision.trace.filter(({ matched }) => matched) } };
}

function isNotable(event: WorkerEvent): boolean {
  switch (event.kind) {
    case "message":
      return event.decision.ruleId !== null || event.decision.observed.length > 0 || !wentThrough.has(event.outcome);
    case "connection":
      return event.alarm !== undefined || event.end === "fault";
    case "delivery":
    case "session":
    case "queue":
    case "notice":
    case "quarantine":
      return true;
    // Whoever carries it out has a line of its own.
    case "operation":
      return false;
    default:
      return event satisfies never;
  }
}

const wentThrough: ReadonlySet<string> = new Set(["relayed", "retrieved"]);
