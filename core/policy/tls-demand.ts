import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { TlsRule } from "#core/contract/smtp-settings.ts";

/** What a TLS rule asks of the leg to the upstream; absent from a message: as its route says. */
export type TlsDemand = Exclude<TlsRule["upstream"], "as-route">;

const ranks = { none: 0, preferred: 1, required: 2, implicit: 2 } as const;

/** How strict the TLS of a message on its way is; of equals neither is stricter. */
export function tlsRank({ tls }: SmtpRoute, demand: TlsDemand | null): number {
  return Math.max(ranks[tls?.mode ?? "none"], ranks[demand ?? "none"]);
}

export function tlsDemandOf(rule: TlsRule | null): TlsDemand | null {
  return rule === null || rule.upstream === "as-route" ? null : rule.upstream;
}

/**
 * The route as one message may use it. A route with implicit TLS keeps it: its servers' port speaks nothing else, and it is the
 * strictest. required: verified as the route says, by an authority where it says nothing. It has a name of its own: a server that
 * lacks the TLS of one message is not down for the others.
 */
export function underTlsDemand(route: SmtpRoute, demand: TlsDemand | null): SmtpRoute {
  if (demand === null || route.tls?.mode === "implicit") return route;
  const { tls, ...rest } = route;
  const clear = { ...rest, name: `${route.name}, TLS ${demand}` };
  if (demand === "none") return clear;
  return { ...clear, tls: { verify: "ca", fingerprints: [], ...tls, mode: demand } };
}
