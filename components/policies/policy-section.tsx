import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import type { PolicyView } from "#lib/policies/queries.ts";

/** One policy: what it takes, where that goes, and the rules of its proxy action (`children`). */
export function PolicySection({ view, children }: { view: PolicyView; children: ReactNode }) {
  const { policy, route, proxyAction } = view;
  const others = proxyAction.usedBy.filter((name) => name !== policy.name);
  return (
    <section aria-labelledby={`policy-${policy.name}`} className="flex min-w-0 flex-col gap-3">
      <header className="flex flex-col gap-1 border-line border-b pb-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={`policy-${policy.name}`} className="font-semibold text-lg">
            {policy.name}
          </h2>
          <Badge tone="inactive">{policy.protocol.toUpperCase()}</Badge>
          <Badge tone="inactive">{proxyAction.direction}</Badge>
          {!policy.enabled && <Badge tone="warn">disabled</Badge>}
        </div>
        <dl className="flex flex-wrap gap-x-6 gap-y-1 [overflow-wrap:anywhere]">
          <Fact name="From, to">
            <span className="inline-flex flex-wrap items-center gap-1">
              {policy.from.interface}
              {policy.from.sources.length > 0 && <span className="text-muted">({policy.from.sources.join(", ")})</span>}
              <ArrowRight aria-label="to" size={14} />
              {policy.to.interface}
            </span>
          </Fact>
          <Fact name="Listens on">
            <span className="font-mono">
              {policy.listen.map(({ address, port, tls }) => `${hostPort(address, port)}${tlsWords(tls)}`).join(", ")}
            </span>
          </Fact>
          <Fact name="Route">
            {route.name}{" "}
            <span className="font-mono">{route.targets.map(({ host, port }) => hostPort(host, port)).join(", ")}</span>
          </Fact>
          {route.protocol === "smtp" && route.tls !== undefined && <Fact name="Route TLS">{route.tls.mode}</Fact>}
          {route.protocol === "smtp" && <Fact name="Delivery">{route.delivery.replaceAll("-", " ")}</Fact>}
          <Fact name="Proxy action">
            {proxyAction.name}
            {others.length > 0 && <span className="text-muted"> (also used by {others.join(", ")})</span>}
          </Fact>
        </dl>
      </header>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="whitespace-nowrap text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function tlsWords(tls: { mode: string } | undefined): string {
  return tls === undefined || tls.mode === "none" ? "" : ` (TLS ${tls.mode})`;
}

function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
