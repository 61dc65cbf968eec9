import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { PersonView } from "#lib/people/queries.ts";

type PeopleTableProps = { people: readonly PersonView[]; ownId: string };

/** Everybody with an account: what they are, and where they are signed in. */
export function PeopleTable({ people, ownId }: PeopleTableProps) {
  return (
    <Table caption="People">
      <thead>
        <tr>
          <Th>Person</Th>
          <Th>Role</Th>
          <Th>Last sign-in</Th>
          <Th numeric>Sessions</Th>
          <Th numeric>API tokens</Th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Row key={person.id} className="align-top">
            <Td wide className="[overflow-wrap:anywhere]">
              <TextLink href={`/people?edit=${person.id}`} scroll={false} prefetch={false}>
                {person.name}
              </TextLink>
              {person.id === ownId && <span className="text-muted"> (you)</span>}
              <span className="block text-muted">{person.email}</span>
            </Td>
            <Td label="Role">
              {person.role}
              {person.permissions.length > 0 && (
                <span className="block text-muted text-sm">and {person.permissions.join(", ")}</span>
              )}
            </Td>
            <Td label="Last sign-in">
              <LastSignIn person={person} />
            </Td>
            <Td label="Sessions" numeric>
              {person.sessions.length}
            </Td>
            <Td label="API tokens" numeric>
              {person.tokens.length}
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function LastSignIn({ person: { lastSignInAt, canSignIn, linkUntil } }: { person: PersonView }) {
  if (canSignIn) {
    if (lastSignInAt === null) return <span className="text-muted">not known</span>;
    return <Time at={lastSignInAt} form="relative" />;
  }
  return (
    <StateBadge state={linkUntil === null ? "warning" : "unknown"}>
      {linkUntil === null ? "no password, and the link has expired" : "has not chosen a password yet"}
    </StateBadge>
  );
}
