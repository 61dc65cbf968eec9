import type { PolicyDocument } from "#core/contract/policy-document.ts";

/** No login is required where a policy's route has no server that could check it, and none waits for TLS that no listener speaks. */
export function withPossibleLogins(document: PolicyDocument): PolicyDocument {
  const noServer = document.routes.flatMap((route) =>
    route.protocol === "smtp" && (route.delivery === "spool" || route.lookup === "mx" || route.credential !== undefined)
      ? [route.name]
      : [],
  );
  const cannot = document.policies.flatMap(({ to, proxyAction }) => (noServer.includes(to.route) ? [proxyAction] : []));
  const inClear = document.policies.flatMap(({ listen, proxyAction }) =>
    listen.some(({ tls }) => (tls?.mode ?? "none") === "none") ? [proxyAction] : [],
  );
  for (const action of document.proxyActions) {
    if (action.protocol === "smtp" && cannot.includes(action.name)) action.settings.auth.required = false;
    if (action.protocol === "pop3" && inClear.includes(action.name)) action.settings.auth.clearText = "where-no-tls";
  }
  return document;
}
