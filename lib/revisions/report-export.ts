import { csvOf } from "#lib/csv.ts";
import type { RevisionReport } from "./report.ts";

export const reportFormats = ["csv", "json"] as const;
export type ReportFormat = (typeof reportFormats)[number];

const columns = ["section", "at", "by", "what", "messages"];

/** A report as CSV: what was done with the revision, what it changed, what the workers said, what it judged. */
export function reportCsv({ revision, acts, verdicts, rules }: RevisionReport): string {
  return csvOf([
    columns,
    ...acts.map(({ at, actor, summary }) => ["done", at, actor, summary, ""]),
    ...revision.changes.map(({ words, details }) => ["changed", "", "", [words, ...details].join("\n"), ""]),
    ...revision.acknowledgements.map(({ at, workerName, applied, error }) => [
      "worker",
      at,
      workerName,
      error ?? (applied ? "applied" : "not applied"),
      "",
    ]),
    ...verdicts.map(({ verdict, messages }) => ["verdict", "", "", verdict, String(messages)]),
    ...rules.map(({ ruleId, ruleName, messages }) => ["rule", "", ruleId ?? "", ruleName ?? "", String(messages)]),
  ]);
}

/** The same as JSON, with the facts of the revision. */
export function reportJson({ revision, ...report }: RevisionReport): string {
  const { number, digest, authorName, byMachine, kind, comment, publishedAt, restoredFrom } = revision;
  const { changes, acknowledgements, failedTests, overrideReason } = revision;
  const facts = { number, digest, authorName, byMachine, kind, comment, publishedAt, restoredFrom };
  const shown = { ...facts, failedTests, overrideReason, changes, acknowledgements };
  return `${JSON.stringify({ product: "Postern", format: 1, revision: shown, ...report }, null, 2)}\n`;
}
