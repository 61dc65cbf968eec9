import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PresenceDot } from "#components/ui/open-elsewhere.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { ProxyActionSummary } from "#lib/proxy-actions/queries.ts";
import { ProxyActionMenu } from "./proxy-action-menu.tsx";

/** The proxy actions of the draft, in order. */
export function ProxyActionTable({ proxyActions }: { proxyActions: readonly ProxyActionSummary[] }) {
  if (proxyActions.length === 0) {
    return (
      <EmptyState
        title="No proxy actions yet"
        action={
          <LinkButton href="/proxy-actions?new=smtp" variant="primary" scroll={false}>
            Add SMTP proxy action
          </LinkButton>
        }
      >
        A proxy action says what mail has to meet: limits, settings and rules. Policies name one; several can share it.
      </EmptyState>
    );
  }
  const names = proxyActions.map(({ name }) => name);
  return (
    <Table caption="Proxy actions">
      <thead>
        <tr>
          <Th>Proxy action</Th>
          <Th>Protocol</Th>
          <Th>Direction</Th>
          <Th>Used by</Th>
          <Th numeric>Rules</Th>
          <Th>
            <span className="sr-only">Commands</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {proxyActions.map((one) => (
          <Row key={one.id}>
            <Td wide>
              <TextLink href={`/proxy-actions/${one.id}`} prefetch={false}>
                {one.name}
              </TextLink>
              <PresenceDot object={`proxy action ${one.id}`} />
            </Td>
            <Td label="Protocol">
              <Badge tone="inactive">{one.protocol.toUpperCase()}</Badge>
            </Td>
            <Td label="Direction">{one.direction}</Td>
            <Td label="Used by" className="[overflow-wrap:anywhere]">
              {one.usedBy.length === 0 ? (
                <span className="text-muted">no policy</span>
              ) : (
                <TextLink href="/policies">{one.usedBy.join(", ")}</TextLink>
              )}
            </Td>
            <Td label="Rules" numeric>
              {one.rules}
            </Td>
            <Td>
              <ProxyActionMenu proxyAction={one} names={names} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
