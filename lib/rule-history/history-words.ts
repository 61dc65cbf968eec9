import { z } from "zod";
import { ruleSchema } from "#core/contract/rule.ts";
import { ruleDifferences } from "#core/policy/diff.ts";

/** One change of a rule: what was done, in a word or two, and the rest of it in words. */
export type RuleChange = { what: string; words: string[] };

type Row = { action: string; object: string; summary: string; detail: unknown };

const whatByAction: Readonly<Record<string, string>> = {
  "rule.add": "Added",
  "rule.edit": "Edited",
  "rule.state": "State",
  "rule.move": "Moved",
  "rule.section": "Section",
  "rule.clone": "Made as a copy",
  "rule.delete": "Deleted",
  "rule.reset-counters": "Counters",
  "policy.import": "Import",
  "draft.discard": "Draft discarded",
  "draft.discard-part": "Part of the draft discarded",
  "draft.undo": "Undone",
};

const editSchema = z.object({ before: ruleSchema, after: ruleSchema });
const listsSchema = z.object({
  changes: z.array(z.string()).default([]),
  discarded: z.array(z.string()).default([]),
});

/** What an audit row says of a rule; `objectWords` are the rule's own in the rows that tell of many objects. */
export function ruleChange({ action, object, summary, detail }: Row, objectWords: string): RuleChange {
  const what = whatByAction[action] ?? (action.startsWith("revision.") ? `Published in ${object}` : action);
  if (action === "rule.edit") {
    const edit = editSchema.safeParse(detail);
    const words = edit.success
      ? ruleDifferences(edit.data.before, { ...edit.data.after, id: edit.data.before.id })
      : [];
    return { what, words: words.length > 0 ? words : [summary] };
  }
  const lists = listsSchema.safeParse(detail);
  const own = lists.success
    ? [...lists.data.changes, ...lists.data.discarded].filter((line) => line.startsWith(objectWords))
    : [];
  return { what, words: own.length > 0 ? own : [summary] };
}
