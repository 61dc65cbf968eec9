import type { ContentReport } from "#core/contract/content-report.ts";
import { noVerdict, type Scanner as ScannerSettings } from "#core/contract/scanner.ts";
import type { Scanner, ScanReport, ScanSubject } from "../scanners/scanner.ts";

/** A scanner of the policy, and how it is to be used. */
export type PanelScanner = { settings: ScannerSettings; scanner: Scanner | null };

/** Whether it judges parts or whole messages. */
export function scans({ kind, scans: given }: ScannerSettings): "parts" | "message" {
  return given ?? (kind === "clamd" || kind === "icap" ? "parts" : "message");
}

export type ScanScore = { score: number; action: string | null; symbols: readonly string[] };

/** What scanners say together. `failure`: one gave no verdict and its setting makes the message wait. */
export type PanelVerdict = {
  viruses: string[];
  scores: ScanScore[];
  encrypted: boolean;
  failure: string | null;
  reports: ContentReport["scans"];
};

/**
 * Asks all scanners at once about the same content; calls back once, perhaps before it returns. `part`: its number, null for the message.
 * The function that it gives ends what is under way without an answer.
 */
export function askScanners(
  scanners: readonly PanelScanner[],
  subject: ScanSubject,
  part: number | null,
  done: (verdict: PanelVerdict) => void,
): () => void {
  const answers: (ScanReport | null)[] = scanners.map(() => null);
  let [open, cancelled] = [scanners.length, false];
  if (open === 0) done(gathered([], [], part));
  const cancels = scanners.map(({ scanner }, index) => {
    const answered = (report: ScanReport): void => {
      answers[index] = report;
      open--;
      if (open === 0 && !cancelled) done(gathered(scanners, answers, part));
    };
    if (scanner !== null) return scanner.scan(subject, answered);
    answered({
      result: "failed",
      why: "unreachable",
      detail: "the policy in force has no such scanner",
      ms: 0,
      cached: false,
    });
    return () => undefined;
  });
  return () => {
    cancelled = true;
    for (const cancel of cancels) cancel();
  };
}

/** Of a part that is larger than what is looked into: no scanner gets it. */
export function notScanned(scanners: readonly PanelScanner[], part: number, bytes: number): PanelVerdict {
  const detail = `${bytes} bytes are more than inspectedPartBytesMax`;
  const failure = { result: "failed", why: "too-large", detail, ms: 0, cached: false } as const;
  return gathered(
    scanners,
    scanners.map(() => failure),
    part,
  );
}

/** In the order of the scanners, whoever was first to answer. */
function gathered(
  scanners: readonly PanelScanner[],
  answers: readonly (ScanReport | null)[],
  part: number | null,
): PanelVerdict {
  const verdict: PanelVerdict = { viruses: [], scores: [], encrypted: false, failure: null, reports: [] };
  scanners.forEach(({ settings }, index) => {
    const answer = answers[index];
    if (answer === null || answer === undefined) return;
    add(verdict, settings, answer);
    const { name: scanner } = settings;
    const { result, cached, ms } = answer;
    verdict.reports.push({ scanner, part, result, detail: wordsOf(answer), cached, ms });
  });
  return verdict;
}

function add(verdict: PanelVerdict, { name, onFailure }: ScannerSettings, answer: ScanReport): void {
  switch (answer.result) {
    case "clean":
      return;
    case "found":
      verdict.viruses.push(...answer.names);
      return;
    case "scored":
      verdict.scores.push({ ...answer, symbols: answer.symbols.map((symbol) => symbol.name) });
      return;
    case "failed":
      verdict.encrypted ||= answer.why === "encrypted";
      if (onFailure === "match") verdict.viruses.push(noVerdict);
      if (onFailure === "tempfail") verdict.failure ??= `the scanner ${name} gave no verdict: ${answer.detail}`;
      return;
    default:
      answer satisfies never;
  }
}

const wordsMax = 1_000;

function wordsOf(answer: ScanReport): string {
  switch (answer.result) {
    case "clean":
      return "";
    case "found":
      return answer.names.join(", ").slice(0, wordsMax);
    case "scored": {
      const { score, threshold, action, symbols } = answer;
      const names = symbols.map((symbol) => symbol.name).join(", ");
      return `${score}${threshold === null ? "" : ` of ${threshold}`}${action === null ? "" : `, ${action}`}${names === "" ? "" : `: ${names}`}`.slice(
        0,
        wordsMax,
      );
    }
    case "failed":
      return `${answer.why}: ${answer.detail}`;
    default:
      return answer satisfies never;
  }
}
