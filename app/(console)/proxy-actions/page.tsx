import type { Metadata } from "next";
import { AddProxyAction } from "#components/proxy-actions/add-proxy-action.tsx";
import { ProxyActionTable } from "#components/proxy-actions/proxy-action-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readProxyActions } from "#lib/proxy-actions/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "Proxy actions" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ProxyActionsPage({ searchParams }: PageProps) {
  await requireSession();
  const search = drawerSearchSchema.parse(await searchParams);
  const proxyActions = await readProxyActions();
  return (
    <>
      <PageHeader
        title="Proxy actions"
        actions={
          <>
            <LinkButton href="/proxy-actions?new=pop3" scroll={false}>
              Add POP3 proxy action
            </LinkButton>
            <LinkButton href="/proxy-actions?new=smtp" variant="primary" scroll={false}>
              Add SMTP proxy action
            </LinkButton>
          </>
        }
      >
        What mail has to meet: settings, limits and rules. A policy names one; a change is felt in every policy that
        does, once the draft is published.
      </PageHeader>
      <ProxyActionTable proxyActions={proxyActions} />
      {search.new !== undefined && (
        <AddProxyAction key={search.new} protocol={search.new === "pop3" ? "pop3" : "smtp"} />
      )}
    </>
  );
}
