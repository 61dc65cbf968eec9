import type { SettingPlace, SystemRule } from "#core/policy/system-rules/system-rule.ts";

/** `href` leads to where it is set; null: it is always so. */
export type SystemRuleView = Omit<SystemRule, "setting"> & { href: string | null };

type Ids = { policy: string; route: string; proxyAction: string; scanners: ReadonlyMap<string, string> };

export function systemRuleView({ setting, ...rule }: SystemRule, ids: Ids): SystemRuleView {
  return { ...rule, href: settingHref(setting, ids) };
}

function settingHref(setting: SettingPlace, ids: Ids): string | null {
  if (setting === null) return null;
  switch (setting.of) {
    case "proxy action":
      return `/proxy-actions/${ids.proxyAction}#${setting.path}`;
    case "policy":
      return `/policies?policy=${ids.policy}`;
    case "route":
      return `/routes?edit=${ids.route}`;
    case "scanner":
      return `/inspection/scanners?edit=${ids.scanners.get(setting.name) ?? ""}`;
    case "bans":
      return "/bans";
    default:
      return setting satisfies never;
  }
}
