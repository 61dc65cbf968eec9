import { Time } from "#components/ui/time.tsx";
import type { QueueStep } from "#lib/queue/history.ts";
import type { QueueSpan } from "#lib/queue/search.ts";

/** `18:04`; over a week with its day, `11-22 18:00`. */
export function StepTime({ step, span }: { step: QueueStep | undefined; span: QueueSpan }) {
  return step === undefined ? null : <Time at={step.at} form={span === "week" ? "day and minute" : "minute"} />;
}
