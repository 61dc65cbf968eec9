import type { FindingPlace } from "#core/policy/lint/finding-place.ts";

/** Where the console shows what a finding is about. */
export function findingHref({ kind, id, proxyActionId, setting, ruleset }: FindingPlace): string {
  switch (kind) {
    case "interface":
      return `/interfaces?edit=${id}`;
    case "list":
      return `/lists?edit=${id}`;
    case "scanner":
      return `/inspection/scanners?edit=${id}`;
    case "dictionary":
      return `/inspection/dictionaries?edit=${id}`;
    case "notice":
      return `/inspection/notices?edit=${id}`;
    case "route":
      return `/routes?edit=${id}`;
    case "policy":
      return `/policies?policy=${id}`;
    case "rule":
      return `/proxy-actions/${proxyActionId}?edit=${id}`;
    case "proxy action":
      if (setting !== null) return `/proxy-actions/${id}#${setting}`;
      return ruleset === null ? `/proxy-actions/${id}` : `/proxy-actions/${id}#rules-${ruleset}`;
    default:
      return kind satisfies never;
  }
}
