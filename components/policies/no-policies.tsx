import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { withEditor } from "./policies-header.tsx";

/** Nothing listens at an interface: what that means, and the way on. */
export function NoPolicies({ interfaceName, baseHref }: { interfaceName: string; baseHref: string }) {
  return (
    <EmptyState
      title={`No policies on ${interfaceName} yet`}
      action={
        <span className="flex flex-wrap gap-2">
          <LinkButton href={withEditor(baseHref, "add", "smtp")} variant="primary" scroll={false}>
            Add SMTP policy
          </LinkButton>
          <LinkButton href={withEditor(baseHref, "add", "pop3")} scroll={false}>
            Add POP3 policy
          </LinkButton>
        </span>
      }
    >
      No port is open on {interfaceName}: nothing is accepted and nothing is refused.
    </EmptyState>
  );
}
