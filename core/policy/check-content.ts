import type { Action } from "#core/contract/action.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { compileDictionaries } from "#core/text/dictionary/compile-dictionaries.ts";
import type { Path, Report } from "./problem-report.ts";

/** Checks what a document says about looking into messages: the scanners, dictionaries and notices that it has, and who names them. */
export function checkContent(document: PolicyDocument, report: Report): void {
  const scanners = new Set(document.scanners.map(({ name }) => name));
  checkDictionaries(document, report);
  document.proxyActions.forEach(({ content }, i) => {
    content.scanners.forEach((name, n) => {
      const path: Path = ["proxyActions", i, "content", "scanners", n];
      if (!scanners.has(name)) report(path, "unknown-name", `there is no scanner "${name}"`);
      else if (content.scanners.indexOf(name) < n) report(path, "duplicate-name", `"${name}" stands twice`);
    });
  });
}

function checkDictionaries({ dictionaries }: PolicyDocument, report: Report): void {
  const compiled = compileDictionaries(dictionaries);
  if (compiled.ok) return;
  for (const { dictionary, entry, reason } of compiled.problems) {
    const index = dictionaries.findIndex(({ name }) => name === dictionary);
    const given = dictionaries[index]?.entries[entry ?? -1];
    const key = given === undefined ? [] : Object.keys(given).filter((name) => entryKinds.includes(name));
    const path: Path = index === -1 ? ["dictionaries"] : ["dictionaries", index, "entries", entry ?? 0, ...key];
    report(path, given?.classifier === undefined ? "bad-pattern" : "unknown-name", reason);
  }
}

const entryKinds = ["word", "phrase", "pattern", "classifier"];

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
