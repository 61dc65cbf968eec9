import type { Condition } from "#core/contract/condition.ts";
import { type FactKind, type FactName, facts } from "#core/contract/facts.ts";

/** A condition as the form shows it: one flat group. `value` is what stands in the control; entries of `in` are lines. */
export type ConditionRow = { key: number; fact: FactName; test: string; value: string };
export type ConditionJoin = "all" | "any" | "none";
export type ConditionForm = { join: ConditionJoin; rows: ConditionRow[] };

/** The tests that a kind of fact has, with their words. */
export const testsByKind: Record<FactKind, readonly { test: string; words: string }[]> = {
  text: [
    { test: "is", words: "is" },
    { test: "in", words: "is one of" },
    { test: "like", words: "is like (* and ?)" },
    { test: "pattern", words: "matches pattern (RE2)" },
    { test: "inList", words: "is in list" },
  ],
  number: [
    { test: "over", words: "is over" },
    { test: "under", words: "is under" },
    { test: "is", words: "is" },
  ],
  network: [
    { test: "in", words: "is in networks" },
    { test: "inList", words: "is in list" },
  ],
};

/** The form of a condition, or null when only YAML can show it: nested groups. */
export function formOf(condition: Condition | undefined): ConditionForm | null {
  if (condition === undefined) return { join: "all", rows: [] };
  const { all, any, none, ...tests } = condition;
  const groups = Object.entries({ all, any, none }).filter(([, children]) => children !== undefined);
  const flat = rowsOf(tests);
  if (groups.length === 0) return { join: "all", rows: numbered(flat) };
  if (groups.length > 1 || flat.length > 0) return null;
  const rows = (all ?? any ?? none ?? []).map(singleRow);
  if (rows.some((row) => row === null)) return null;
  return { join: any ? "any" : none ? "none" : "all", rows: numbered(rows.filter((row) => row !== null)) };
}

/** The condition of a form, not yet parsed: undefined when it has no rows. */
export function conditionOf({ join, rows }: ConditionForm): unknown {
  const [first, ...rest] = rows.map((row) => ({ [row.fact]: { [row.test]: valueOf(row) } }));
  if (first === undefined) return undefined;
  const names = new Set(rows.map(({ fact }) => fact));
  if (join === "none") return { none: [first, ...rest] };
  if (rest.length === 0) return first;
  if (join === "all" && names.size === rows.length) return Object.assign({}, first, ...rest);
  return { [join]: [first, ...rest] };
}

type Row = Omit<ConditionRow, "key">;

function singleRow(condition: Condition): Row | null {
  const { all, any, none, ...tests } = condition;
  const rows = rowsOf(tests);
  return all === undefined && any === undefined && none === undefined && rows.length === 1 ? (rows[0] ?? null) : null;
}

function rowsOf(tests: Omit<Condition, "all" | "any" | "none">): Row[] {
  return factNames.flatMap((fact) =>
    Object.entries(tests[fact] ?? {}).flatMap(([test, value]) =>
      value === undefined ? [] : [{ fact, test, value: Array.isArray(value) ? value.join("\n") : String(value) }],
    ),
  );
}

const factNames = Object.keys(facts).filter((name): name is FactName => name in facts);

function numbered(rows: readonly Row[]): ConditionRow[] {
  return rows.map((row, key) => ({ ...row, key }));
}

function valueOf({ fact, test, value }: ConditionRow): unknown {
  if (facts[fact].kind === "number") return value.trim() === "" ? Number.NaN : Number(value);
  if (test !== "in") return value;
  const lines = value.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "");
}
