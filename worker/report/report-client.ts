import { type Report, reportAnswerSchema } from "#core/contract/report.ts";
import { parseJson } from "#core/text/parse-json.ts";
import { answerText } from "../net/answer-text.ts";

const timeoutMs = 15_000;
const answerBytesMax = 64 * 1024;
export const reportPath = "/api/worker/v1/report";

/** accepted: the console has it. refused: it will never take this report. unreachable: try again later, for the reason given. */
export type SendOutcome =
  | { kind: "accepted"; acceptedSequence: number }
  | { kind: "refused"; reason: string }
  | { kind: "unreachable"; reason: string };

/** Posts reports to one console, one at a time. */
export class ReportClient {
  readonly #url: URL;
  readonly #token: string;

  constructor(consoleUrl: string, token: string) {
    this.#url = new URL(reportPath, consoleUrl);
    this.#token = token;
  }

  /** Never rejects. */
  async send(report: Report, stop: AbortSignal): Promise<SendOutcome> {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${this.#token}` },
        body: JSON.stringify(report),
        redirect: "error",
        signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
      });
      const text = await answerText(response, answerBytesMax, new Error("the console's answer is too long"));
      return outcomeOf(response.status, text);
    } catch (error) {
      return { kind: "unreachable", reason: reasonOf(error) };
    }
  }
}

function outcomeOf(status: number, text: string): SendOutcome {
  if (status === 200) {
    const answer = reportAnswerSchema.safeParse(parseJson(text));
    if (answer.success) return { kind: "accepted", acceptedSequence: answer.data.acceptedSequence };
    return { kind: "unreachable", reason: "the console's answer could not be read" };
  }
  if (status === 400 || status === 413 || status === 422) {
    return { kind: "refused", reason: `the console refused a report (${status}): ${text.slice(0, 300)}` };
  }
  const advice = status === 401 || status === 403 ? ": its report token is not the one of this worker" : "";
  return { kind: "unreachable", reason: `the console answered ${status}${advice}` };
}

/** fetch hides the system's reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
