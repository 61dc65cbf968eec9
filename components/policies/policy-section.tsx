import { ArrowRight } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { ListLink } from "#components/ui/list-link.tsx";
import { PresenceDot } from "#components/ui/open-elsewhere.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Policy } from "#core/contract/policy-document.ts";
import { sideRouteWords } from "#core/policy/explain.ts";
import type { PolicyView } from "#lib/policies/queries.ts";
import { dispositionChoices } from "./policy-choices.ts";
import { ScheduleBadge } from "./schedule-badge.tsx";

const sourcesShownMax = 6;

type PolicySectionProps = {
  view: PolicyView;
  /** When the page was made, ISO 8601. */
  madeAt: string;
  /** Its place among those that are shown: `policy 1 of 3 of External`. */
  placeWords: string;
  /** The commands. */
  menu: ReactNode;
  /** The rules of its proxy action. */
  children: ReactNode;
};

/** One policy: what it takes, where that goes, and what mail meets. */
export function PolicySection({ view, madeAt, placeWords, menu, children }: PolicySectionProps) {
  const { policy, route, proxyAction } = view;
  const others = proxyAction.usedBy.filter((name) => name !== policy.name);
  return (
    <section
      id={`policy-${view.id}`}
      aria-labelledby={`policy-name-${view.id}`}
      className="flex min-w-0 flex-col gap-3"
    >
      <header className="flex flex-col gap-1 border-line border-b pb-2">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={`policy-name-${view.id}`} className="font-semibold text-lg">
            {policy.name}
          </h2>
          <PresenceDot object={`policy ${view.id}`} />
          <span className="text-muted">{placeWords}</span>
          <Badge tone="inactive">{policy.protocol.toUpperCase()}</Badge>
          <Badge tone="inactive">{proxyAction.direction}</Badge>
          {!policy.enabled && <Badge tone="warn">disabled</Badge>}
          {policy.disposition !== "allow" && <Badge tone="deny">{dispositionWords(policy)}</Badge>}
          {policy.schedule !== undefined && <ScheduleBadge schedule={policy.schedule} madeAt={madeAt} />}
          {menu}
        </div>
        <dl className="flex flex-wrap gap-x-6 gap-y-1 [overflow-wrap:anywhere]">
          <Fact name="From, to">
            <span className="inline-flex flex-wrap items-center gap-1">
              {policy.from.interface}
              <Sources from={policy.from} />
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
            <TextLink href={`/routes?edit=${view.routeId}`} prefetch={false}>
              {route.name}
            </TextLink>{" "}
            <span className="font-mono">{route.targets.map(({ host, port }) => hostPort(host, port)).join(", ")}</span>
          </Fact>
          {policy.to.routes.length > 0 && (
            <Fact name="By recipient domain">
              <SideRoutes routes={policy.to.routes} />
            </Fact>
          )}
          {policy.to.userRoutes.length > 0 && (
            <Fact name="By user">
              <SideRoutes routes={policy.to.userRoutes} />
            </Fact>
          )}
          {policy.to.serverChoice !== undefined && (
            <Fact name="Clients may choose">{policy.to.serverChoice.servers.map(sideRouteWords).join("; ")}</Fact>
          )}
          {route.tls !== undefined && <Fact name="Route TLS">{route.tls.mode}</Fact>}
          {route.protocol === "pop3" && route.bridge !== undefined && (
            <Fact name="Bridge">{route.bridge.credentials.join(", ")}</Fact>
          )}
          {route.protocol === "smtp" && <Fact name="Delivery">{route.delivery.replaceAll("-", " ")}</Fact>}
          <Fact name="Proxy action">
            <TextLink href={`/proxy-actions/${proxyAction.id}`} prefetch={false}>
              {proxyAction.name}
            </TextLink>
            {others.length > 0 && <span className="text-muted"> (also used by {others.join(", ")})</span>}
          </Fact>
        </dl>
      </header>
      {children}
    </section>
  );
}

function Sources({ from: { sources, sourceLists } }: Pick<Policy, "from">) {
  const left = sources.length - sourcesShownMax;
  if (sources.length + sourceLists.length === 0) return null;
  return (
    <span className="text-muted">
      ({sources.slice(0, sourcesShownMax).join(", ")}
      {left > 0 && ` and ${left} more`}
      {sourceLists.map((name, n) => (
        <Fragment key={name}>
          {sources.length + n > 0 && ", "}
          list <ListLink name={name} />
        </Fragment>
      ))}
      )
    </span>
  );
}

type SideRoute = Policy["to"]["routes"][number] | Policy["to"]["userRoutes"][number];

/** Each in words, with the lists that it asks about. */
function SideRoutes({ routes }: { routes: readonly SideRoute[] }) {
  return routes.map((route, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same
    <Fragment key={n}>
      {n > 0 && "; "}
      {sideRouteWords(route)}
      {testLists(route).map((name) => (
        <Fragment key={name}>
          {" "}
          <ListLink name={name} chip />
        </Fragment>
      ))}
    </Fragment>
  ));
}

function testLists(route: SideRoute): string[] {
  const tests = "recipientDomain" in route ? [route.recipientDomain] : [route.user, route.domain];
  return [...new Set(tests.flatMap((test) => test?.inList ?? []))];
}

function dispositionWords({ protocol, disposition }: Policy): string {
  return dispositionChoices[protocol].find(({ value }) => value === disposition)?.words.toLowerCase() ?? disposition;
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
