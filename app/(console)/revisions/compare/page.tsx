import type { Metadata } from "next";
import { z } from "zod";
import { ChangeList } from "#components/changes/change-list.tsx";
import { CompareForm } from "#components/revisions/compare-form.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LineDiff } from "#components/ui/line-diff.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { compareRevisions, revisionNumberSchema } from "#lib/revisions/queries.ts";

export const metadata: Metadata = { title: "Compare revisions" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const number = revisionNumberSchema.nullable().catch(null).default(null);
const searchSchema = z.object({ from: number, to: number });

export default async function ComparePage({ searchParams }: PageProps) {
  await requireSession();
  const { from, to } = searchSchema.parse(await searchParams);
  const compared = from === null || to === null ? null : await compareRevisions(from, to);
  return (
    <>
      <PageHeader title="Compare revisions" actions={<LinkButton href="/revisions">All revisions</LinkButton>}>
        What going from one to the other changes, in words and as YAML.
      </PageHeader>
      <CompareForm from={from} to={to} />
      {compared === null ? (
        <EmptyState title={from === null || to === null ? "Choose two revisions" : "One of them is not there"}>
          Numbers stand in the list of all revisions.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-4">
          <Panel title={`From r${from} to r${to}`}>
            {compared.changes.length === 0 ? (
              <p className="text-muted">Nothing: they are equal.</p>
            ) : (
              <ChangeList changes={compared.changes} />
            )}
          </Panel>
          {compared.yaml.length > 0 && (
            <Panel title="As YAML">
              <LineDiff hunks={compared.yaml} />
            </Panel>
          )}
        </div>
      )}
    </>
  );
}
