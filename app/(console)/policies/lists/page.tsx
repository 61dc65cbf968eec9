import type { Metadata } from "next";
import { ListEditor } from "#components/lists/list-editor.tsx";
import { ListsTable } from "#components/lists/lists-table.tsx";
import { OpenList } from "#components/lists/open-list.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readLists } from "#lib/lists/queries.ts";
import { drawerSearchSchema } from "../../drawer-search.ts";

export const metadata: Metadata = { title: "Lists" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ListsPage({ searchParams }: PageProps) {
  await requireSession();
  const search = drawerSearchSchema.parse(await searchParams);
  const lists = await readLists();
  return (
    <>
      <PageHeader
        title="Lists"
        actions={
          <>
            <LinkButton href="/policies">Policies</LinkButton>
            <LinkButton href="/policies/lists?new=1" variant="primary" scroll={false}>
              Add list
            </LinkButton>
          </>
        }
      >
        What several rules ask about. A changed list is felt once the draft is published.
      </PageHeader>
      <ListsTable lists={lists} />
      {search.edit !== undefined && (
        <OpenList key={search.edit} found={lists.find(({ id }) => id === search.edit) ?? null} />
      )}
      {search.new !== undefined && (
        <ListEditor key="new" target={{ kind: "new" }} initial={{ name: "", kind: "patterns", entries: [] }} />
      )}
    </>
  );
}
