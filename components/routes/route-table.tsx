import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PresenceDot } from "#components/ui/open-elsewhere.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Route, SmtpRoute } from "#core/contract/policy-document.ts";
import type { RouteView } from "#lib/routes/queries.ts";
import { deliveryChoices } from "./route-choices.ts";
import { RouteHealth } from "./route-health.tsx";

/** The routes of the draft with what the workers say about each. */
export function RoutesTable({ routes }: { routes: readonly RouteView[] }) {
  if (routes.length === 0) return <NoRoutes />;
  return (
    <Table caption="Routes">
      <thead>
        <tr>
          <Th>Route</Th>
          <Th>Goes to</Th>
          <Th>Used by</Th>
          <Th>At the workers</Th>
        </tr>
      </thead>
      <tbody>
        {routes.map((view) => (
          <Row key={view.id}>
            <Td wide className="align-top">
              <span className="inline-flex flex-wrap items-center gap-2">
                <TextLink href={`/routes?edit=${view.id}`} scroll={false} prefetch={false}>
                  {view.route.name}
                </TextLink>
                <PresenceDot object={`route ${view.id}`} />
                <Badge tone="inactive">{view.route.protocol.toUpperCase()}</Badge>
              </span>
              <span className="block text-muted">{howWords(view.route)}</span>
            </Td>
            <Td label="Goes to" wide className="align-top">
              <Targets route={view.route} />
            </Td>
            <Td label="Used by" className="align-top">
              {view.usedBy.length === 0 ? (
                <span className="text-muted">no policy</span>
              ) : (
                <TextLink href="/policies">{view.usedBy.join(", ")}</TextLink>
              )}
            </Td>
            <Td wide className="align-top">
              <RouteHealth view={view} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function Targets({ route }: { route: Route }) {
  if (route.protocol === "smtp" && route.lookup === "mx") return "the MX of each recipient's domain";
  return (
    <ul>
      {route.targets.map(({ host, port, priority, weight }) => (
        <li key={`${host} ${port}`}>
          <span className="font-mono text-sm [overflow-wrap:anywhere]">
            {host.includes(":") ? `[${host}]` : host}:{port}
          </span>
          {route.targets.length > 1 && (
            <span className="text-muted">
              {" "}
              priority {priority}, weight {weight}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function howWords(route: Route): string {
  const parts = [
    route.protocol === "smtp" ? deliveryWords(route) : "Mailboxes",
    `TLS ${route.tls?.mode ?? "none"}`,
    ...loginWords(route),
    ...(route.healthCheckMs === undefined ? [] : ["health checked"]),
  ];
  return parts.join(", ");
}

function deliveryWords({ delivery }: SmtpRoute): string {
  return deliveryChoices.find(({ value }) => value === delivery)?.words ?? delivery;
}

function loginWords(route: Route): string[] {
  if (route.protocol === "smtp") return route.credential === undefined ? [] : [`logs in with ${route.credential}`];
  return route.bridge === undefined ? [] : [`bridge for ${route.bridge.credentials.join(", ")}`];
}

function NoRoutes() {
  return (
    <EmptyState
      title="No routes yet"
      action={
        <span className="flex flex-wrap gap-2">
          <LinkButton href="/routes?new=smtp" variant="primary" scroll={false}>
            Add SMTP route
          </LinkButton>
          <LinkButton href="/routes?new=pop3" scroll={false}>
            Add POP3 route
          </LinkButton>
        </span>
      }
    >
      A route is the server behind. SMTP: where mail goes that a policy lets through; incoming mail needs one to the
      mail server inside, outgoing mail one to a smart host or to the MX of each domain. POP3: where the mailboxes are
      that people fetch from, at a provider or on the mail server inside.
    </EmptyState>
  );
}
