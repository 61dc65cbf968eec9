import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, conditionSchema } from "#core/contract/condition.ts";
import { type ConditionEdit, editCondition } from "#core/policy/condition-edit.ts";
import { type ConditionGroup, type ConditionTest, conditionTree } from "#core/policy/condition-tree.ts";
import { conditionText, parseConditionText, readConditionText, textOf } from "#core/policy/condition-yaml.ts";
import { conditionArbitrary } from "../../support/rule-arbitrary.ts";

const seed = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
const runs = { seed, numRuns: 300 };

const lists = { text: ["partners"], networks: ["lan"], recipients: [] };
const conditions = fc
  .oneof(conditionArbitrary("smtp", "message", lists), conditionArbitrary("smtp", "recipient", lists))
  .map((condition) => conditionSchema.parse(condition));

/** The text of a condition with a comment of its own above some lines and behind some. */
const commented = fc.tuple(conditions, fc.infiniteStream(fc.integer({ min: 0, max: 3 }))).map(([when, choices]) => {
  const comments: string[] = [];
  const comment = () => {
    comments.push(`# note ${comments.length}.`);
    return comments.at(-1) ?? "";
  };
  const lines = conditionText({ when })
    .replace(/\n$/, "")
    .split("\n")
    .flatMap((line) => {
      const choice = choices.next().value;
      const plain = /^[ \w:.-]+$/.test(line);
      return choice === 1 && plain ? [`${line} ${comment()}`] : choice === 2 ? [comment(), line] : [line];
    });
  return { when, text: `${lines.join("\n")}\n`, comments };
});

function treeOf(text: string): ConditionGroup {
  const yaml = parseConditionText(text);
  const tree = typeof yaml === "string" ? null : conditionTree(yaml);
  if (tree === null) throw new Error(`not shown: ${text}`);
  return tree;
}

type Item = ConditionTest | ConditionGroup;

function itemsOf(item: Item): Item[] {
  return item.kind === "test" ? [item] : [item, ...item.items.flatMap(itemsOf)];
}

/** What a condition means: parts that are to hold together, however they are written. */
function meaning(condition: Condition): unknown {
  const parts = Object.entries(condition).flatMap(([key, value]): unknown[] => {
    if (!Array.isArray(value)) return Object.entries(Object(value)).map(([test, to]) => ({ [key]: { [test]: to } }));
    const inner = value.map((child) => meaning(conditionSchema.parse(child)));
    return inner.length === 1 && key !== "none" ? inner : [[key, inner]];
  });
  return parts.length === 1 ? parts[0] : ["all", parts];
}

function read(text: string): Condition | undefined {
  const result = readConditionText(text);
  if (!result.ok) throw new Error(`${JSON.stringify(result.problems)}\n${text}`);
  return result.condition.when;
}

describe(`the text of any condition (seed ${seed})`, () => {
  it("says the condition, and is shown by the builder", () => {
    fc.assert(
      fc.property(conditions, (when) => {
        const text = conditionText({ when });
        expect(readConditionText(text)).toEqual({ ok: true, condition: { when } });
        expect(treeOf(text).kind).toBe("group");
      }),
      runs,
    );
  });

  it("keeps every comment, in a form that stays as it is when it is read again", () => {
    fc.assert(
      fc.property(commented, ({ when, text, comments }) => {
        const result = readConditionText(text);
        if (!result.ok) throw new Error(`${JSON.stringify(result.problems)}\n${text}`);
        const { condition } = result;
        expect(condition.when).toEqual(when);
        expect(condition.whenText === undefined).toBe(comments.length === 0);
        const kept = conditionText(condition);
        for (const comment of comments) expect(kept).toContain(comment);
        expect(readConditionText(kept)).toEqual({ ok: true, condition });
      }),
      runs,
    );
  });

  it("is the same after an edit of the builder that changes nothing, and keeps what an edit does not touch", () => {
    fc.assert(
      fc.property(commented, fc.nat(), ({ when, text, comments }, pick) => {
        const items = itemsOf(treeOf(text));
        const item = items[pick % items.length] ?? treeOf(text);
        const edits: ConditionEdit[] =
          item.kind === "test"
            ? [
                { kind: "value", path: item.path, value: item.value },
                { kind: "test", path: item.path, to: item },
              ]
            : [{ kind: "join", path: item.path, join: item.join }];
        for (const edit of edits) {
          const after = editCondition(text, edit);
          const changed = read(after);
          expect(changed && meaning(changed)).toEqual(meaning(when));
          for (const comment of comments) expect(after).toContain(comment);
        }
      }),
      runs,
    );
  });

  it("keeps every comment that stands there when its last part is removed, and when one is added again", () => {
    const added = { fact: "subject", test: "is", value: "x" } as const;
    fc.assert(
      fc.property(commented, ({ text, comments }) => {
        let full = text;
        let left = text;
        for (let [item] = treeOf(left).items; item !== undefined; [item] = treeOf(left).items) {
          full = left;
          left = editCondition(left, { kind: "remove", path: item.path });
        }
        expect(readConditionText(left)).toEqual({ ok: true, condition: left === "" ? {} : { whenText: left } });
        const again = editCondition(left, { kind: "add-test", path: treeOf(left).path, added });
        expect(read(again)).toEqual({ subject: { is: "x" } });
        for (const comment of comments.filter((one) => full.includes(one))) {
          expect(left).toContain(comment);
          expect(again).toContain(comment);
        }
      }),
      runs,
    );
  });

  it("takes any edit: what is added stands in it, what is removed does not, comments of the rest stay", () => {
    const added = { fact: "subject", test: "like", value: "*added*" } as const;
    fc.assert(
      fc.property(commented, fc.nat(), ({ text, comments }, pick) => {
        const items = itemsOf(treeOf(text));
        const item = items[pick % items.length] ?? treeOf(text);
        const { path } = item;
        const edits: ConditionEdit[] =
          item.kind === "test"
            ? [{ kind: "test", path, to: added }]
            : [
                { kind: "add-test", path, added },
                { kind: "add-group", path, join: "none", added },
                { kind: "join", path, join: "none" },
              ];
        for (const edit of edits) {
          const after = editCondition(text, edit);
          expect(textOf(parsed(after))).toBe(after);
          if (edit.kind !== "join") expect(tests(after)).toContainEqual(added);
          // The entries of a list that became one value are gone, with what was said of each.
          if (item.kind !== "test") for (const comment of comments) expect(after).toContain(comment);
        }
        if (path.length === 0) return;
        const gone = itemsOf(item).filter(({ kind }) => kind === "test").length;
        expect(tests(editCondition(text, { kind: "remove", path }))).toHaveLength(tests(text).length - gone);
      }),
      runs,
    );
  });
});

function parsed(text: string) {
  const yaml = parseConditionText(text);
  if (typeof yaml === "string") throw new Error(yaml);
  return yaml;
}

function tests(text: string) {
  return itemsOf(treeOf(text)).flatMap((item) =>
    item.kind === "test" ? [{ fact: item.fact, test: item.test, value: item.value }] : [],
  );
}
