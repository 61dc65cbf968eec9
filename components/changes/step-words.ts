import type { Change } from "#core/policy/diff.ts";
import type { Finding } from "#core/policy/lint/finding.ts";

const kinds: readonly Change["kind"][] = ["added", "removed", "renamed", "changed", "moved"];

/** `7: 1 added, 4 changed, 2 moved; by you 5, Mara 2`. */
export function changesStep(changes: readonly Pick<Change, "kind">[], authors: string): string {
  if (changes.length === 0) return "none";
  const counts = kinds.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return `${changes.length}: ${counts.join(", ")}${authors === "" ? "" : `; by ${authors}`}`;
}

/** `can be enforced; 18 policy tests, run when it is published; 2 findings, 1 of harm`. */
export function checksStep(
  problems: string | null,
  tests: number,
  findings: readonly Pick<Finding, "severity">[],
): string {
  const harms = findings.filter(({ severity }) => severity === "harm").length;
  const ofHarm = harms === 0 ? "" : `, ${harms} of harm, to be acknowledged`;
  return [
    problems === null ? "can be enforced" : "cannot be enforced as it is",
    tests === 0 ? "no policy tests" : `${countOf(tests, "policy test")}, run when it is published`,
    findings.length === 0 ? "no findings" : `${countOf(findings.length, "finding")}${ofHarm}`,
  ].join("; ");
}

/** `r42, for 2 workers`. */
export function publishStep(next: number, problems: string | null, workers: number): string {
  if (problems !== null) return "not possible yet";
  return workers === 0 ? `r${next}, for the workers that enrol` : `r${next}, for ${countOf(workers, "worker")}`;
}

function countOf(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
