import type { TestRun } from "#lib/policy-tests/run.ts";

/** How policy tests fared, in a sentence. */
export function runWords(runs: readonly TestRun[]): string {
  const failed = runs.filter(({ failure }) => failure !== null).length;
  if (failed > 0) return `${failed} of ${runs.length} ${failed === 1 ? "fails" : "fail"}: publishing is refused.`;
  return runs.length === 1 ? "It passes." : `All ${runs.length} pass.`;
}
