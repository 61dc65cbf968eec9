"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { runPolicyTestsAction } from "#lib/policy-tests/actions.ts";
import type { TestRun } from "#lib/policy-tests/run.ts";

/** Runs the tests of the draft; `runs` is how they fared, null before, `refusal` why they could not be run. */
export function useTestRuns() {
  const [runs, setRuns] = useState<readonly TestRun[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();

  function run() {
    startTransition(async () => {
      const result = await answered(runPolicyTestsAction({}));
      setRefusal(result.ok ? null : result.error.message);
      setRuns(result.ok ? result.value : null);
    });
  }

  return { runs, refusal, busy, run };
}
