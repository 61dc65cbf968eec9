import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";

/** Nothing listens: what that means, and the way on. */
export function NoPolicies({ interfaceName }: { interfaceName: string | null }) {
  const where = interfaceName === null ? "" : ` on ${interfaceName}`;
  return (
    <EmptyState
      title={`No policies${where} yet`}
      action={
        <LinkButton href="/policies/document" variant="primary">
          Import a policy document
        </LinkButton>
      }
    >
      No port is open{where}: nothing is accepted and nothing is refused.
    </EmptyState>
  );
}
