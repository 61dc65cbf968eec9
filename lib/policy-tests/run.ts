import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { failureOf } from "#core/policy/judge-test.ts";
import { askSimulation } from "#lib/simulator/ask-worker.ts";

/** How one test fared; `failure` null: it passed. */
export type TestRun = { name: string; failure: string | null };

/**
 * Runs the tests of a document, at a worker, without DNS and scanners. Fails as askSimulation does: with POLICY_INVALID for a document that no
 * worker could take, and with WORKER_FAILED when none answers.
 */
export async function runPolicyTests(document: PolicyDocument): Promise<TestRun[]> {
  const { tests } = document;
  if (tests.length === 0) return [];
  const now = new Date().toISOString();
  const trials = tests.map(({ given, message }) => ({
    input: { ...given, at: given.at ?? now },
    message: message === undefined ? null : Buffer.from(message).toString("base64"),
    full: false,
  }));
  const { simulated } = await askSimulation({
    document: { ...document, tests: [] },
    revision: 0,
    trials,
    ask: { dns: false, scanners: false },
  });
  return tests.map((test, index) => {
    const fared = simulated[index];
    return { name: test.name, failure: fared === undefined ? "The worker did not answer." : failureOf(test, fared) };
  });
}
