import { parentPort } from "node:worker_threads";
import { lintDraft } from "#core/policy/lint/lint-draft.ts";
import type { LintInput } from "#core/policy/lint/lint-input.ts";
import type { LookReply, LookRequest } from "./lint-in-thread.ts";

/** The lint in a thread of the console: each look is answered once. */
parentPort?.on("message", ({ look, input, now }: LookRequest) => {
  parentPort?.postMessage({ look, ...looked(input, now) } satisfies LookReply, []);
});

function looked(input: LintInput, now: number): Pick<LookReply, "findings" | "failure"> {
  try {
    return { findings: lintDraft(input, now), failure: null };
  } catch (cause) {
    return { findings: [], failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
  }
}
