import { z } from "zod";
import type { PolicyDocument, ProxyAction } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { sectionNouns } from "../sections.ts";
import type { Finding } from "./finding.ts";
import type { LintInput } from "./lint-input.ts";

/** What a finding is about, as the console knows it. */
export type FindingPlace = {
  kind: "interface" | "list" | "scanner" | "dictionary" | "notice" | "route" | "proxy action" | "rule" | "policy";
  /** Of the draft's row; for a rule its own. */
  id: string;
  name: string;
  /** The id of the proxy action that a rule stands in; null: it is no rule. */
  proxyActionId: string | null;
  /** Within a proxy action: the setting as a dotted path. */
  setting: string | null;
  /** Within a proxy action: the ruleset, where it is about no single rule. */
  ruleset: string | null;
};

const pathSchema = z
  .tuple([
    z.enum(["interfaces", "lists", "scanners", "dictionaries", "notices", "routes", "proxyActions", "policies"]),
    z.number(),
  ])
  .rest(z.union([z.string(), z.number()]));

/** The place of a finding's path; null when it names no row. */
export function findingPlace(
  document: PolicyDocument,
  path: Finding["path"],
  ids: LintInput["ids"],
): FindingPlace | null {
  const parsed = pathSchema.safeParse(path);
  if (!parsed.success) return null;
  const [section, index, ...rest] = parsed.data;
  const name = document[section][index]?.name;
  const id = ids[section].find(([known]) => known === name)?.[1];
  if (id === undefined || name === undefined) return null;
  const place: FindingPlace = {
    kind: sectionNouns[section],
    id,
    name,
    proxyActionId: null,
    setting: null,
    ruleset: null,
  };
  const action = section === "proxyActions" ? document.proxyActions[index] : undefined;
  return action === undefined ? place : inProxyAction(action, rest, place);
}

function inProxyAction(action: ProxyAction, rest: readonly (string | number)[], place: FindingPlace): FindingPlace {
  const [part, stage, , position] = rest;
  if (part === undefined) return place;
  if (part !== "rulesets") return { ...place, setting: rest.join(".") };
  const rulesets: Readonly<Record<string, Ruleset | undefined>> = action.rulesets;
  const rule = typeof position === "number" ? rulesets[String(stage)]?.rules[position] : undefined;
  if (rule?.id === undefined) return { ...place, ruleset: String(stage) };
  return { ...place, kind: "rule", id: rule.id, name: rule.name, proxyActionId: place.id };
}
