import { z } from "zod";
import { parseJson } from "#core/text/parse-json.ts";
import { failed, scannerText, symbolsMax } from "./scan-words.ts";
import type { ScanResult } from "./scanner.ts";

const symbolSchema = z.object({
  name: z.string().optional(),
  score: z.number(),
  /** What the symbol adds to the score, where its own score is weighed. */
  metric_score: z.number().optional(),
});

const answerSchema = z.object({
  score: z.number(),
  required_score: z.number().nullish(),
  action: z.string(),
  symbols: z.record(z.string(), symbolSchema).default({}),
});

const errorSchema = z.object({ error: z.string() });

/** What /checkv2 answers, a body of JSON. */
export function readRspamdAnswer(status: number, body: string): ScanResult {
  const json = parseJson(body);
  const error = errorSchema.safeParse(json);
  if (error.success) return failed("protocol", `rspamd says: ${scannerText(error.data.error)}`);
  if (status !== 200) return failed("protocol", `rspamd answers with HTTP ${status}`);
  const answer = answerSchema.safeParse(json);
  if (!answer.success) return failed("protocol", "no answer of rspamd's /checkv2");
  const { score, required_score: threshold, action, symbols } = answer.data;
  return {
    result: "scored",
    score,
    threshold: threshold ?? null,
    action: scannerText(action),
    symbols: Object.entries(symbols)
      .slice(0, symbolsMax)
      .map(([name, symbol]) => ({ name: scannerText(name), score: symbol.metric_score ?? symbol.score })),
  };
}
