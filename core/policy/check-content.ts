import type { Action } from "#core/contract/action.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { compilePattern } from "#core/match/pattern.ts";
import type { Path, Report } from "./problem-report.ts";

/** Checks what a document says about looking into messages: the scanners, dictionaries and notices that it has, and who names them. */
export function checkContent(document: PolicyDocument, report: Report): void {
  const scanners = new Set(document.scanners.map(({ name }) => name));
  document.dictionaries.forEach(({ entries }, i) => {
    entries.forEach(({ pattern }, n) => {
      if (pattern === undefined) return;
      const compiled = compilePattern(pattern);
      if (!compiled.ok) report(["dictionaries", i, "entries", n, "pattern"], "bad-pattern", compiled.reason);
    });
  });
  document.proxyActions.forEach(({ content }, i) => {
    content.scanners.forEach((name, n) => {
      const path: Path = ["proxyActions", i, "content", "scanners", n];
      if (!scanners.has(name)) report(path, "unknown-name", `there is no scanner "${name}"`);
      else if (content.scanners.indexOf(name) < n) report(path, "duplicate-name", `"${name}" stands twice`);
    });
  });
}

/** Checks the notice that an action names. */
export function checkNotice(action: Action, path: Path, notices: ReadonlySet<string>, report: Report): void {
  if (!("notice" in action) || action.notice === undefined || notices.has(action.notice)) return;
  report([...path, "notice"], "unknown-name", `there is no notice "${action.notice}"`);
}

/** Checks the values of a fact that has only certain readings: a name that is none would never match. */
export function checkValues(
  test: { is?: unknown; in?: unknown },
  fact: string,
  values: readonly string[],
  path: Path,
  report: Report,
): void {
  const given: readonly unknown[] = [
    ...(test.is === undefined ? [] : [test.is]),
    ...(Array.isArray(test.in) ? test.in : []),
  ];
  for (const value of given) {
    if (typeof value !== "string" || values.some((known) => known.toLowerCase() === value.toLowerCase())) continue;
    const all = values.length === 0 ? "there are none yet" : `there are ${values.join(", ")}`;
    report(path, "unknown-name", `${fact} is never "${value}": ${all}`);
  }
}
