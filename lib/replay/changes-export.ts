import { csvOf } from "#lib/csv.ts";
import { listedChanges, replayResult } from "./queries.ts";

const columns = ["at", "id", "sender", "recipients", "subject", "verdict", "by rule", "new verdict", "by new rule"];

/** Every message that is listed with a replay as changed, oldest first, as CSV; null: there is no such replay. */
export async function changesCsv(jobId: string): Promise<string | null> {
  const result = await replayResult(jobId);
  if (result === null) return null;
  const rows = (await listedChanges(jobId)).flatMap(({ kind, id, at, sender, recipients, subject }) => {
    const change = result.changed[kind];
    if (change === undefined) return [];
    const { from, before, to, rule } = change;
    const message = [at.toISOString(), id, sender ?? "", recipients.join(" "), subject ?? ""];
    return [[...message, from, before ?? "", to, rule?.name ?? ""]];
  });
  return csvOf([columns, ...rows]);
}
