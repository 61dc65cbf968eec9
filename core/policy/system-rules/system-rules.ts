import type { Policy, ProxyAction, Route } from "#core/contract/policy-document.ts";
import type { Scanner } from "#core/contract/scanner.ts";
import { pop3Rules } from "./pop3-rules.ts";
import { smtpRules } from "./smtp-rules.ts";
import type { SystemRule } from "./system-rule.ts";

/** What always happens to what a policy takes, before and after its rules, in the order of a session. */
export function systemRules(
  policy: Policy,
  action: ProxyAction,
  route: Route,
  scanners: readonly Scanner[],
): SystemRule[] {
  return action.protocol === "smtp" ? smtpRules(policy, action, route, scanners) : pop3Rules(policy, action, scanners);
}
