import { z } from "zod";
import { stageSchema } from "#core/contract/decision.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Finding } from "#core/policy/lint/finding.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";

/** What a finding is about: the object of the draft, and where the console shows it. */
export type FindingPlace = {
  kind: "interface" | "list" | "scanner" | "dictionary" | "notice" | "route" | "proxy action" | "rule" | "policy";
  /** Of the row; for a rule its own. */
  id: string;
  /** The setting within a proxy action, as a dotted path. */
  setting: string | null;
  href: string;
};

/** Nothing is found about policy tests. */
type Section = Exclude<keyof PolicyDocument, "version" | "tests">;
/** The ids of the draft's rows by name. */
export type RowIds = Readonly<Record<Section, ReadonlyMap<string, string>>>;

const pathSchema = z
  .tuple([
    z.enum(["interfaces", "lists", "scanners", "dictionaries", "notices", "routes", "proxyActions", "policies"]),
    z.number(),
  ])
  .rest(z.union([z.string(), z.number()]));

/** The place of a finding's path; null when it names no row. */
export function findingPlace(document: PolicyDocument, path: Finding["path"], ids: RowIds): FindingPlace | null {
  const parsed = pathSchema.safeParse(path);
  if (!parsed.success) return null;
  const [section, index, ...rest] = parsed.data;
  const id = ids[section].get(document[section][index]?.name ?? "");
  if (id === undefined) return null;
  const place = (kind: FindingPlace["kind"], href: string): FindingPlace => ({ kind, id, setting: null, href });
  switch (section) {
    case "interfaces":
      return place("interface", `/interfaces?edit=${id}`);
    case "lists":
      return place("list", `/policies/lists?edit=${id}`);
    case "scanners":
      return place("scanner", `/inspection/scanners?edit=${id}`);
    case "dictionaries":
      return place("dictionary", `/inspection/dictionaries?edit=${id}`);
    case "notices":
      return place("notice", `/inspection/notices?edit=${id}`);
    case "routes":
      return place("route", `/routes?edit=${id}`);
    case "policies":
      return place("policy", `/policies?policy=${id}`);
    case "proxyActions":
      return inProxyAction(document.proxyActions[index], rest, place("proxy action", `/proxy-actions/${id}`));
    default:
      return section satisfies never;
  }
}

function inProxyAction(
  action: PolicyDocument["proxyActions"][number] | undefined,
  rest: readonly (string | number)[],
  place: FindingPlace,
): FindingPlace {
  const [part, stageName, , position] = rest;
  if (action === undefined || part === undefined) return place;
  if (part !== "rulesets") return { ...place, setting: rest.join("."), href: `${place.href}#${rest.join(".")}` };
  const stage = stageSchema.safeParse(stageName);
  const placed = rulesetsOf(action).find((one) => one.stage === stage.data);
  const rule = typeof position === "number" ? placed?.ruleset.rules[position] : undefined;
  if (rule?.id === undefined) return { ...place, href: `${place.href}#rules-${String(stageName)}` };
  return { kind: "rule", id: rule.id, setting: null, href: `${place.href}?edit=${rule.id}` };
}
