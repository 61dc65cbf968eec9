import type { Permission } from "#core/contract/permission.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { PublicError } from "#lib/errors.ts";
import type { Tested } from "#lib/revisions/mutations.ts";
import { runPolicyTests, type TestRun } from "./run.ts";

const shownMax = 20;

/**
 * Runs the tests of what is to be published. Fails with TESTS_FAILED and how they fared, unless somebody who may says why it is published
 * all the same; with FORBIDDEN when they may not. Tests that cannot be run have failed.
 */
export async function refuseFailingTests(
  document: PolicyDocument,
  { overrideReason, permissions }: { overrideReason: string | null; permissions: readonly Permission[] },
): Promise<Tested> {
  const failed = (await runOrFail(document)).filter(({ failure }) => failure !== null);
  if (failed.length === 0) return { failedTests: [], overrideReason: null };
  if (overrideReason === null) throw new PublicError("TESTS_FAILED", failureWords(failed));
  if (!permissions.includes("publish-failing")) {
    const message =
      "Not published: to publish though policy tests fail takes the permission publish-failing, which you do not have.";
    throw new PublicError("FORBIDDEN", message);
  }
  return { failedTests: failed.map(({ name }) => name), overrideReason };
}

async function runOrFail(document: PolicyDocument): Promise<TestRun[]> {
  try {
    return await runPolicyTests(document);
  } catch (error) {
    if (!(error instanceof PublicError) || error.code !== "WORKER_FAILED") throw error;
    return document.tests.map(({ name }) => ({ name, failure: error.publicMessage }));
  }
}

function failureWords(failed: readonly TestRun[]): string {
  const shown = failed.slice(0, shownMax).map(({ name, failure }) => `“${name}”: ${failure}`);
  const more = failed.length - shown.length;
  const count = failed.length === 1 ? "1 policy test fails" : `${failed.length} policy tests fail`;
  return [`Not published: ${count}.`, ...shown, ...(more > 0 ? [`And ${more} more.`] : [])].join("\n");
}
