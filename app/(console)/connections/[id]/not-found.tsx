import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

export default function ConnectionNotFound() {
  return (
    <>
      <PageHeader title="Connection not found" />
      <EmptyState
        title="There is no record of this connection"
        action={<LinkButton href="/connections">All connections</LinkButton>}
      >
        A record comes when the connection is over, and only where the proxy action keeps records.
      </EmptyState>
    </>
  );
}
