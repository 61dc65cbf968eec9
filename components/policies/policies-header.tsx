import { LinkButton } from "#components/ui/link-button.tsx";
import { type LinkTab, LinkTabs } from "#components/ui/link-tabs.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import type { InterfaceTab } from "#lib/interfaces/queries.ts";
import type { InterfaceScope } from "#lib/interfaces/scope.ts";

type PoliciesHeaderProps = {
  interfaces: readonly InterfaceTab[];
  /** What the address says of an interface. */
  scope: InterfaceScope | null;
  /** The page's address without an editor. */
  baseHref: string;
  rules: number;
  harms: number;
};

/** The title, the way to the document, and one tab for each interface. */
export function PoliciesHeader({ interfaces, scope, baseHref, rules, harms }: PoliciesHeaderProps) {
  const tabs: LinkTab[] = [
    { href: "/policies", label: "All", current: scope === null, count: rules, harms },
    ...interfaces.map(({ id, name, rules: count, harms: hurt }) => ({
      href: searchHref("/policies", { interface: id }),
      label: name,
      current: scope?.id === id,
      count,
      harms: hurt,
    })),
  ];
  return (
    <>
      <PageHeader
        title="Rules"
        actions={
          <>
            <LinkButton href="/policies/document">Import or export</LinkButton>
            <LinkButton href={withEditor(baseHref, "add", "pop3")} scroll={false}>
              Add POP3 policy
            </LinkButton>
            <LinkButton href={withEditor(baseHref, "add", "smtp")} variant="primary" scroll={false}>
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

/** The same page with a drawer open. */
export function withEditor(href: string, editor: string, value: string): string {
  return `${href}${href.includes("?") ? "&" : "?"}${editor}=${encodeURIComponent(value)}`;
}
