import type { Metadata } from "next";
import { z } from "zod";
import { AddProxyAction } from "#components/proxy-actions/add-proxy-action.tsx";
import { ClonePreset } from "#components/proxy-actions/clone-preset.tsx";
import { PresetTable } from "#components/proxy-actions/preset-table.tsx";
import { ProxyActionTable } from "#components/proxy-actions/proxy-action-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { presets } from "#core/policy/presets/presets.ts";
import { requireSession } from "#lib/auth/session.ts";
import { listNames } from "#lib/lists/queries.ts";
import { readProxyActions } from "#lib/proxy-actions/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "Proxy actions" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const searchSchema = drawerSearchSchema.extend({ preset: z.string().optional().catch(undefined) });

export default async function ProxyActionsPage({ searchParams }: PageProps) {
  await requireSession();
  const search = searchSchema.parse(await searchParams);
  const [proxyActions, lists] = await Promise.all([readProxyActions(), listNames()]);
  const preset = presets.find(({ id }) => id === search.preset);
  const there = new Set(lists.map(({ name }) => name));
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
      <section className="mt-6">
        <h2 className="mb-1 font-semibold">Presets</h2>
        <p className="mb-2 text-muted">
          To begin with: each tells why it sets what it sets. Clone one and change the clone.
        </p>
        <PresetTable />
      </section>
      {preset !== undefined && (
        <ClonePreset
          key={preset.id}
          preset={{ id: preset.id, title: preset.title, what: preset.what }}
          missing={preset.requires.filter(({ name }) => !there.has(name))}
          names={proxyActions.map(({ name }) => name)}
        />
      )}
      {search.new !== undefined && (
        <AddProxyAction key={search.new} protocol={search.new === "pop3" ? "pop3" : "smtp"} />
      )}
    </>
  );
}
