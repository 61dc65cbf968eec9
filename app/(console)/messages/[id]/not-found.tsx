import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

export default function MessageNotFound() {
  return (
    <>
      <PageHeader title="Message not found" />
      <EmptyState
        title="No worker reported this message"
        action={<LinkButton href="/messages">All messages</LinkButton>}
      >
        Reports arrive within seconds. If the id comes from a reply that is older, the worker could not keep the event
        while the console was away.
      </EmptyState>
    </>
  );
}
