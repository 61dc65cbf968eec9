import type { Pop3Route, Route } from "#core/contract/policy-document.ts";

/** Where a route goes, in one line: `smtp, inline, to mx1.example.test:25 and 1 more`, `pop3, TLS implicit, bridge for 2 users, to …`. */
export function routeWords(route: Route): string {
  const delivery = route.protocol === "smtp" ? `, ${route.delivery.replaceAll("-", " ")}` : mailboxWords(route);
  if (route.protocol === "smtp" && route.lookup === "mx") return `smtp${delivery}, to the MX of each domain`;
  const [first, ...rest] = route.targets.map(({ host, port }) =>
    host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
  );
  return `${route.protocol}${delivery}, to ${first ?? "no server"}${rest.length === 0 ? "" : ` and ${rest.length} more`}`;
}

function mailboxWords({ tls, bridge }: Pop3Route): string {
  const users = bridge?.credentials.length ?? 0;
  const bridged = users === 0 ? "" : `, bridge for ${users === 1 ? "1 user" : `${users} users`}`;
  return `${tls === undefined ? "" : `, TLS ${tls.mode}`}${bridged}`;
}
