import type { PolicyDocument, SmtpRoute } from "#core/contract/policy-document.ts";
import type { Report } from "./problem-report.ts";

/** A login is checked by the route's server while the client waits (RFC 4954 §4): where none can be asked, one that is required never succeeds. */
export function checkLogins(document: PolicyDocument, report: Report): void {
  const routes = new Map(document.routes.map((route) => [route.name, route]));
  const requiring = new Set(
    document.proxyActions.flatMap((action) =>
      action.protocol === "smtp" && action.settings.auth.required ? [action.name] : [],
    ),
  );
  document.policies.forEach(({ proxyAction, to }, i) => {
    const route = routes.get(to.route);
    if (!requiring.has(proxyAction) || route?.protocol !== "smtp") return;
    const obstacle = whyNobodyLogsIn(route);
    if (obstacle === null) return;
    const message = `the proxy action "${proxyAction}" requires a login, and the route "${route.name}" ${obstacle}: nobody could send; use another route, or do not require a login`;
    report(["policies", i, "to", "route"], "illegal", message);
  });
}

function whyNobodyLogsIn({ delivery, lookup, credential }: SmtpRoute): string | null {
  if (delivery === "spool") return "asks no server while the client waits (delivery: spool)";
  if (lookup === "mx") return "has no server of its own to ask (lookup: mx)";
  return credential === undefined ? null : `logs in to its server itself (credential: ${credential})`;
}
