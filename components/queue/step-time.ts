import type { QueueStep } from "#lib/queue/history.ts";
import type { QueueSpan } from "#lib/queue/search.ts";

/** `18:04`; over a week with its day, `11-22 18:00`. UTC. */
export function stepTime(step: QueueStep | undefined, span: QueueSpan): string {
  if (step === undefined) return "";
  return span === "week" ? step.at.slice(5, 16).replace("T", " ") : step.at.slice(11, 16);
}
