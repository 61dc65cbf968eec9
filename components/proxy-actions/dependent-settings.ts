import type { ProfileDraft } from "./profile-draft.ts";

/** Settings that do something only while another one has one of these values. */
const dependents: Readonly<Record<string, { on: string; values: readonly string[] }>> = {
  "settings.deletion.days": { on: "settings.deletion.allow", values: ["after-days"] },
  "settings.deletion.answer": { on: "settings.deletion.allow", values: ["after-days", "never"] },
};

/** Whether a setting does something as the others are now. One that does not keeps its value. */
export function settingMatters(path: string, values: ProfileDraft["values"]): boolean {
  const dependent = dependents[path];
  return dependent === undefined || dependent.values.includes(values[dependent.on] ?? "");
}
