import type { Metadata } from "next";
import { z } from "zod";
import { ListEditor } from "#components/lists/list-editor.tsx";
import { ListsSearch } from "#components/lists/lists-search.tsx";
import { ListsTable } from "#components/lists/lists-table.tsx";
import { OpenList } from "#components/lists/open-list.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readList, readLists } from "#lib/lists/queries.ts";
import { drawerSearchSchema } from "../drawer-search.ts";

export const metadata: Metadata = { title: "Lists" };

const listsSearchSchema = drawerSearchSchema.extend({
  q: z.string().trim().min(1).max(320).optional().catch(undefined),
});

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ListsPage({ searchParams }: PageProps) {
  await requireSession();
  const search = listsSearchSchema.parse(await searchParams);
  const lists = await readLists(search.q);
  return (
    <>
      <PageHeader
        title="Lists"
        actions={
          <LinkButton href="/lists?new=1" variant="primary" scroll={false}>
            Add list
          </LinkButton>
        }
      >
        What several rules ask about. A changed list is felt once the draft is published.
      </PageHeader>
      <ListsSearch asked={search.q} />
      <ListsTable lists={lists} asked={search.q} />
      {search.edit !== undefined && <OpenList key={search.edit} found={await readList(search.edit)} />}
      {search.new !== undefined && (
        <ListEditor key="new" target={{ kind: "new" }} initial={{ name: "", kind: "patterns", entries: [] }} />
      )}
    </>
  );
}
