import { LinkButton } from "#components/ui/link-button.tsx";
import { type LinkTab, LinkTabs } from "#components/ui/link-tabs.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { InterfaceTab } from "#lib/interfaces/queries.ts";

type PoliciesHeaderProps = {
  interfaces: readonly InterfaceTab[];
  current: string | null;
  rules: number;
  harms: number;
};

/** The title, the way to lists and the document, and one tab for each interface. */
export function PoliciesHeader({ interfaces, current, rules, harms }: PoliciesHeaderProps) {
  const tabs: LinkTab[] = [
    { href: "/policies", label: "All", current: current === null, count: rules, harms },
    ...interfaces.map(({ name, rules: count, harms: hurt }) => ({
      href: policiesHref(name),
      label: name,
      current: current === name,
      count,
      harms: hurt,
    })),
  ];
  return (
    <>
      <PageHeader
        title="Policies"
        actions={
          <>
            <LinkButton href="/policies/lists">Lists</LinkButton>
            <LinkButton href="/policies/document">Import or export</LinkButton>
            <LinkButton href={withEditor(policiesHref(current), "add", "pop3")} scroll={false}>
              Add POP3 policy
            </LinkButton>
            <LinkButton href={withEditor(policiesHref(current), "add", "smtp")} variant="primary" scroll={false}>
              Add SMTP policy
            </LinkButton>
          </>
        }
      >
        The first policy that admits a connection takes it; there the first rule that matches decides. Every change goes
        to the draft and is felt once it is published.
      </PageHeader>
      <LinkTabs label="Interfaces" tabs={tabs} />
    </>
  );
}

/** The address of an interface's policies; of all of them for null. */
function policiesHref(interfaceName: string | null): string {
  return interfaceName === null ? "/policies" : `/policies?interface=${encodeURIComponent(interfaceName)}`;
}

/** The same page with a drawer open. */
export function withEditor(href: string, editor: string, value: string): string {
  return `${href}${href.includes("?") ? "&" : "?"}${editor}=${encodeURIComponent(value)}`;
}
