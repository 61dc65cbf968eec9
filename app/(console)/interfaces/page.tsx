import type { Metadata } from "next";
import { newInterface } from "#components/interfaces/interface-draft.ts";
import { InterfaceEditor } from "#components/interfaces/interface-editor.tsx";
import { InterfaceTable } from "#components/interfaces/interface-table.tsx";
import { OpenInterface } from "#components/interfaces/open-interface.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readInterfaces } from "#lib/interfaces/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "Interfaces" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function InterfacesPage({ searchParams }: PageProps) {
  await requireSession();
  const search = drawerSearchSchema.parse(await searchParams);
  const interfaces = await readInterfaces(new Date());
  return (
    <>
      <PageHeader
        title="Interfaces"
        actions={
          <LinkButton href="/interfaces?new=1" variant="primary" scroll={false}>
            Add interface
          </LinkButton>
        }
      >
        The sides of the firewall. Where mail enters decides which policies it meets.
      </PageHeader>
      <InterfaceTable interfaces={interfaces} />
      {search.edit !== undefined && (
        <OpenInterface key={search.edit} found={interfaces.find(({ id }) => id === search.edit) ?? null} />
      )}
      {search.new !== undefined && <InterfaceEditor key="new" target={{ kind: "new" }} initial={newInterface} />}
    </>
  );
}
