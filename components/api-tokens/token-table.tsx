import { EmptyState } from "#components/ui/empty-state.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ApiTokenView } from "#lib/api-tokens/queries.ts";
import { RevokeToken } from "./revoke-token.tsx";

/** The tokens, those in use first. */
export function TokenTable({ tokens }: { tokens: readonly ApiTokenView[] }) {
  if (tokens.length === 0) {
    return (
      <EmptyState title="No tokens">
        Programs cannot read or change the policy. Make a token for postern policy, or for a repository that keeps it.
      </EmptyState>
    );
  }
  return (
    <Table caption="API tokens">
      <thead>
        <tr>
          <Th>Token</Th>
          <Th>May</Th>
          <Th>State</Th>
          <Th>Expires</Th>
          <Th>Last used</Th>
          <Th>
            <span className="sr-only">Command</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <Row key={token.id}>
            <Td wide className="[overflow-wrap:anywhere]">
              <span className="font-medium">{token.name}</span>
              <span className="block text-muted">
                made by {token.createdBy}, <Time at={token.createdAt} />
              </span>
            </Td>
            <Td label="May" className="font-mono text-sm">
              {token.scopes.join(", ")}
            </Td>
            <Td label="State">
              <StateBadge state={token.state === "in use" ? "up" : "unknown"}>{token.state}</StateBadge>
            </Td>
            <Td label="Expires">
              <Time at={token.expiresAt} />
            </Td>
            <Td label="Last used">
              {token.lastUsedAt === null ? (
                <span className="text-muted">never</span>
              ) : (
                <Time at={token.lastUsedAt} form="relative" />
              )}
            </Td>
            <Td wide className="text-end">
              {token.state === "in use" && <RevokeToken tokenId={token.id} name={token.name} />}
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
