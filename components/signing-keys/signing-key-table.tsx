import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { WorkersThatHave } from "#components/ui/workers-that-have.tsx";
import type { SigningKeyView } from "#lib/signing-keys/queries.ts";
import { SigningKeyCommands } from "./signing-key-commands.tsx";

/** The signing keys with their DNS records. */
export function SigningKeyTable({ keys }: { keys: readonly SigningKeyView[] }) {
  if (keys.length === 0) {
    return (
      <EmptyState
        title="No signing keys yet"
        action={
          <LinkButton href="/signing-keys?new=1" variant="primary" scroll={false}>
            Make signing key
          </LinkButton>
        }
      >
        A signing key signs mail of a domain of yours (DKIM), or seals what we saw of a message before we changed it
        (ARC). Its public half stands in DNS.
      </EmptyState>
    );
  }
  return (
    <Table caption="Signing keys">
      <thead>
        <tr>
          <Th>Key</Th>
          <Th>DNS record (TXT)</Th>
          <Th>At the workers</Th>
          <Th>Made</Th>
          <Th>Commands</Th>
        </tr>
      </thead>
      <tbody>
        {keys.map((view) => (
          <Row key={view.id}>
            <Td wide className="align-top">
              <span className="inline-flex flex-wrap items-center gap-2">
                {view.name}
                <Badge tone={view.active ? "allow" : "inactive"}>{view.active ? "signs" : "does not sign"}</Badge>
              </span>
              <span className="block text-muted">{view.algorithm}</span>
            </Td>
            <Td label="DNS record (TXT)" wide className="align-top">
              <span className="block font-mono text-sm [overflow-wrap:anywhere]">{view.recordName}</span>
              <span className="block select-all font-mono text-muted text-sm [overflow-wrap:anywhere]">
                {view.record}
              </span>
            </Td>
            <Td label="At the workers" className="align-top">
              <WorkersThatHave workers={view.workers} />
            </Td>
            <Td label="Made" className="whitespace-nowrap align-top">
              <Time at={view.madeAt} form="relative" />
            </Td>
            <Td wide className="align-top">
              <SigningKeyCommands view={view} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
