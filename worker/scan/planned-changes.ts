import type { PlacedField } from "#core/message/header-reader.ts";
import type { Edit } from "#core/message/rewrite/edit.ts";
import type { PlannedChanges } from "../sender-auth/broken-signatures.ts";

/** What edits do to a message as far as its signatures are concerned. `headerEnd`: where its empty line begins. */
export function plannedChanges(
  edits: readonly Edit[],
  fields: readonly PlacedField[],
  headerEnd: number,
): PlannedChanges {
  const changed = new Set<string>();
  const added: string[] = [];
  let body = false;
  for (const { start, end, bytes } of edits) {
    if (end > headerEnd || start > headerEnd) body = true;
    if (start > headerEnd) continue;
    // What is put right behind the name of a field is in it as well.
    const touched = fields.filter((field) => field.start < Math.max(end, start + 1) && field.end > start);
    const inside = touched.filter((field) => start !== end || start > field.start);
    for (const { name } of inside) changed.add(name);
    if (inside.length === 0) added.push(...namesIn(bytes));
  }
  return { body, changed: [...changed], added };
}

function namesIn(bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  return lines.flatMap((line) => /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/.exec(line)?.[1] ?? []);
}
