"use client";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { DraftFindingsContext } from "#components/ui/draft-findings.ts";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { LintAnswer } from "./lint-worker.ts";

type DraftLintProps = {
  /** Changes with the draft. */
  draft: string;
  children: ReactNode;
};

/** The name of the performance measure that tells how long the lint took. */
const measure = "postern lint";

/** Looks at the draft in a thread of its own, once something on the page shows findings, and again whenever the draft changed. */
export function DraftLint({ draft, children }: DraftLintProps) {
  const [worker, setWorker] = useState<Worker | null>(null);
  const [needed, setNeeded] = useState(false);
  const [findings, setFindings] = useState<readonly FindingView[]>([]);
  const need = useCallback(() => setNeeded(true), []);

  useEffect(() => {
    if (!needed) return;
    const made = new Worker(new URL("./lint-worker.ts", import.meta.url), { type: "module" });
    made.addEventListener("message", ({ data }: MessageEvent<LintAnswer>) => {
      const end = performance.now();
      performance.measure(measure, { start: Math.max(0, end - data.ms), end });
      setFindings(data.findings);
    });
    setWorker(made);
    return () => made.terminate();
  }, [needed]);

  useEffect(() => worker?.postMessage(draft, []), [worker, draft]);

  const shown = useMemo(() => ({ findings, need }), [findings, need]);
  return <DraftFindingsContext value={shown}>{children}</DraftFindingsContext>;
}
