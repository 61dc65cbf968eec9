import { actionSchema } from "#core/contract/action.ts";
import { conditionSchema } from "#core/contract/condition.ts";
import { actionWords, conditionWords } from "#core/policy/explain.ts";

const entriesShownMax = 8;

/** Fields whose own name says too little. */
const labels: Readonly<Record<string, string>> = {
  when: "Conditions",
  whenText: "Conditions with their comments",
  from: "From",
  to: "To",
  listen: "Listens at",
  "from.interface": "Enters at",
  fact: "Looks at",
  matched: "If matched",
  "noneMatched.action": "None matched",
  "noneMatched.log": "Log what none matched",
  "to.interface": "Leaves at",
  "to.route": "Route",
  "to.routes": "Other routes by recipient",
  "to.userRoutes": "Other routes by user",
};

const actionFields: ReadonlySet<string> = new Set(["action", "matched"]);

/** The name of a field for people, by its path: `connectTimeoutMs` is “Connect timeout ms”. */
export function fieldLabel(path: readonly string[]): string {
  const own = path.filter((name) => name !== "object");
  const known = labels[own.join(".")];
  if (known !== undefined) return known;
  const words = own.map((name) =>
    name.replaceAll(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`),
  );
  const text = words.join(": ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The value of a field in words. */
export function fieldValueWords(path: readonly string[], value: unknown): string {
  if (value === undefined || value === null) return path.at(-1) === "when" ? "none: matches everything" : "not set";
  if (value === "") return "empty";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return entriesWords(value);
  const condition = path.at(-1) === "when" ? conditionSchema.safeParse(value) : null;
  if (condition?.success) return conditionWords(condition.data);
  const action = actionFields.has(path.at(-1) ?? "") ? actionSchema.safeParse(value) : null;
  return action?.success ? actionWords(action.data) : JSON.stringify(value);
}

function entriesWords(entries: readonly string[]): string {
  if (entries.length === 0) return "none";
  const shown = entries.slice(0, entriesShownMax).join(", ");
  return entries.length > entriesShownMax ? `${shown} and ${entries.length - entriesShownMax} more` : shown;
}
