import { type FindingView, lintDraft } from "#core/policy/lint/lint-draft.ts";
import { type LintInput, lintInputSchema } from "#core/policy/lint/lint-input.ts";

/** What the thread found, and how long it looked. */
export type LintAnswer = { findings: FindingView[]; ms: number };

/** The lint in a thread of the browser: each message asks for a look at the draft as it is then. */
addEventListener("message", () => void look());

const fetchTimeoutMs = 30_000;
let asked = 0;

async function look(): Promise<void> {
  const mine = ++asked;
  const input = await readInput();
  // The draft changed again meanwhile: that look counts.
  if (input === null || mine !== asked) return;
  const start = performance.now();
  const findings = lintDraft(input, Date.now());
  postMessage({ findings, ms: performance.now() - start } satisfies LintAnswer);
}

/** Null: the draft is not given now. The page keeps what it shows, and the next change of the draft asks again. */
async function readInput(): Promise<LintInput | null> {
  const given = await fetchDraft();
  return given === null ? null : lintInputSchema.parse(given);
}

async function fetchDraft(): Promise<unknown> {
  try {
    const response = await fetch("/api/lint", { signal: AbortSignal.timeout(fetchTimeoutMs) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
