import type { Metadata } from "next";
import { z } from "zod";
import { ListEditor } from "#components/lists/list-editor.tsx";
import { ListsTable } from "#components/lists/lists-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listSchema } from "#core/contract/policy-document.ts";
import { requireSession } from "#lib/auth/session.ts";
import { readLists } from "#lib/lists/queries.ts";

export const metadata: Metadata = { title: "Lists" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const searchSchema = z.object({
  edit: z.uuid().optional().catch(undefined),
  new: z.literal("1").optional().catch(undefined),
});

export default async function ListsPage({ searchParams }: PageProps) {
  await requireSession();
  const search = searchSchema.parse(await searchParams);
  const lists = await readLists();
  const open = lists.find(({ id }) => id === search.edit);
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
      {open !== undefined && (
        <ListEditor
          key={open.id}
          target={{ kind: "edit", listId: open.id, version: open.version, uses: open.users.length }}
          initial={{ name: open.name, kind: listSchema.shape.kind.parse(open.kind), entries: open.entries }}
        />
      )}
      {search.new !== undefined && (
        <ListEditor key="new" target={{ kind: "new" }} initial={{ name: "", kind: "patterns", entries: [] }} />
      )}
    </>
  );
}
