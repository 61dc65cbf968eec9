import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PresenceDot } from "#components/ui/open-elsewhere.tsx";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { ListUser } from "#lib/lists/list-usage.ts";
import type { ListSummary } from "#lib/lists/queries.ts";
import { FeedWords } from "./feed-notice.tsx";

/** The lists of the draft, with what is in them and who uses them; with `asked` those that answer to it. */
export function ListsTable({ lists, asked }: { lists: readonly ListSummary[]; asked: string | undefined }) {
  if (lists.length === 0 && asked !== undefined) {
    return (
      <EmptyState title={`Nothing found for “${asked}”`} action={<LinkButton href="/lists">All lists</LinkButton>}>
        No list of the draft has this in its name or in its entries.
      </EmptyState>
    );
  }
  if (lists.length === 0) {
    return (
      <EmptyState title="No lists yet" action={<LinkButton href="/lists?new=1">Add list</LinkButton>}>
        A list holds networks, domains, addresses, patterns or words that several rules ask about.
      </EmptyState>
    );
  }
  return (
    <Table caption="Lists">
      <thead>
        <tr>
          <Th>List</Th>
          <Th>Kind</Th>
          <Th>
            <span className="block text-end">Entries</span>
          </Th>
          <Th>Used by</Th>
        </tr>
      </thead>
      <tbody>
        {lists.map((list) => (
          <Row key={list.id}>
            <Td wide>
              <TextLink href={`/lists?edit=${list.id}`} scroll={false} prefetch={false}>
                {list.name}
              </TextLink>
              <PresenceDot object={`list ${list.id}`} />
              <span className="block font-mono text-muted text-sm [overflow-wrap:anywhere]">{preview(list)}</span>
              {list.feed !== null && (
                <span className={list.feed.lastError === null ? "text-muted text-sm" : "text-sm text-warn"}>
                  From {new URL(list.feed.url).host}. <FeedWords feed={list.feed} />
                </span>
              )}
            </Td>
            <Td label="Kind">{list.kind}</Td>
            <Td label="Entries" numeric>
              {list.found === null ? list.count : `${list.found.total} of ${list.count}`}
            </Td>
            <Td label="Used by">
              <Users users={list.users} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function Users({ users }: { users: readonly ListUser[] }) {
  if (users.length === 0) return <span className="text-muted">nothing</span>;
  return (
    <ul>
      {users.map((user) => (
        <li key={JSON.stringify(user)}>
          <OneUser user={user} />
        </li>
      ))}
    </ul>
  );
}

function OneUser({ user }: { user: ListUser }) {
  if (user.kind === "policy") {
    return (
      <>
        policy{" "}
        <TextLink href="/policies" prefetch={false}>
          {user.policy}
        </TextLink>
      </>
    );
  }
  if (user.kind === "settings") return <>settings of {user.proxyAction}</>;
  return (
    <>
      <RuleLink id={user.ruleId} name={user.rule} />{" "}
      <span className="text-muted">
        of {user.proxyAction}, {user.ruleset}
      </span>
    </>
  );
}

function preview({ first, count, found }: ListSummary): string {
  const shown = found === null ? first : found.entries;
  const left = (found === null ? count : found.total) - shown.length;
  return left > 0 ? `${shown.join(", ")} and ${left} more` : shown.join(", ");
}
