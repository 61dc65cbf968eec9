import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { WorkersThatHave } from "#components/ui/workers-that-have.tsx";
import type { CredentialView } from "#lib/credentials/queries.ts";
import { kindWords } from "./credential-kinds.ts";

/** The credentials of the console: who uses them, and which workers have them. */
export function CredentialTable({ credentials }: { credentials: readonly CredentialView[] }) {
  if (credentials.length === 0) return <NoCredentials />;
  return (
    <Table caption="Credentials">
      <thead>
        <tr>
          <Th>Credential</Th>
          <Th>User</Th>
          <Th>Used by</Th>
          <Th>At the workers</Th>
          <Th>Changed</Th>
        </tr>
      </thead>
      <tbody>
        {credentials.map((view) => (
          <Row key={view.id}>
            <Td wide>
              <TextLink href={`/credentials?edit=${view.id}`} scroll={false} prefetch={false}>
                {view.name}
              </TextLink>
              <span className="block text-muted">
                {kindWords[view.kind]}
                {view.details?.hasClientPassword && ", password for mail programs"}
              </span>
              {view.details === null && (
                <StateBadge state="warning">cannot be opened: the master key is another one</StateBadge>
              )}
            </Td>
            <Td label="User" className="[overflow-wrap:anywhere]">
              {view.user}
            </Td>
            <Td label="Used by">
              <Users users={view.users} />
            </Td>
            <Td label="At the workers">
              <WorkersThatHave workers={view.workers} />
            </Td>
            <Td label="Changed" className="whitespace-nowrap">
              <Time at={view.changedAt} form="relative" />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function Users({ users }: Pick<CredentialView, "users">) {
  if (users.length === 0) return <span className="text-muted">no route</span>;
  return (
    <ul>
      {users.map(({ route, bridges, published }) => (
        <li key={`${route} ${bridges}`}>
          <TextLink href="/routes">{route}</TextLink>
          {bridges && <span className="text-muted"> (bridge)</span>}
          {!published && <span className="text-muted"> (not published yet)</span>}
        </li>
      ))}
    </ul>
  );
}

function NoCredentials() {
  return (
    <EmptyState
      title="No credentials yet"
      action={
        <LinkButton href="/credentials?new=1" variant="primary" scroll={false}>
          Add credential
        </LinkButton>
      }
    >
      A credential is what we log in to another server with: a smart host that takes mail only from those it knows, or a
      mailbox whose server wants more than the mail programs inside can do. A route chooses it by its name.
    </EmptyState>
  );
}
