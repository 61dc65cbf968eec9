import type { Problem } from "#core/contract/policy-document.ts";

/** harm: mail is lost, opened or let through against intent. warning: mail that should pass may not. note: worth knowing. */
export type Severity = "harm" | "warning" | "note";

/** Something in a valid policy that hurts, or does nothing. */
export type Finding = {
  /** Stable: links and tests name it. */
  code: string;
  severity: Severity;
  /** Where in the document. */
  path: Problem["path"];
  /** What makes it so, where that is one other place: the rule that comes first. */
  related?: Problem["path"];
  /** What is so, in a sentence. */
  what: string;
  /** What comes of it. */
  why: string;
  doThis: string;
  /** RFC and section, where there is one. */
  source: string | null;
};

/** A setting of a proxy action that hurts, wherever it is used. */
export type SettingCheck<Action> = Omit<Finding, "path"> & {
  setting: readonly string[];
  hurts(action: Action): boolean;
};

export type Add = (finding: Finding) => void;

export const severities: readonly Severity[] = ["harm", "warning", "note"];
