import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

export default function NotFound() {
  return (
    <main className="mx-auto max-w-2xl p-6">
      <PageHeader title="Not found" />
      <EmptyState title="There is nothing at this address" action={<LinkButton href="/">Overview</LinkButton>}>
        It may have been deleted, or the address has a slip.
      </EmptyState>
    </main>
  );
}
