import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChangeList } from "#components/changes/change-list.tsx";
import { ReplayFindings } from "#components/replay/replay-findings.tsx";
import { ReplayPanel } from "#components/replay/replay-panel.tsx";
import { replayWords } from "#components/replay/replay-words.ts";
import { AcknowledgementList } from "#components/revisions/acknowledgement-list.tsx";
import { RevisionFacts } from "#components/revisions/revision-facts.tsx";
import { RollBack } from "#components/revisions/roll-back.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { daysKept } from "#lib/env.ts";
import { replayBefore, replayOf } from "#lib/replay/queries.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { readRevision, revisionNumberSchema } from "#lib/revisions/queries.ts";

type PageProps = { params: Promise<{ number: string }> };

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Revision r${(await params).number}` };
}

export default async function RevisionPage({ params }: PageProps) {
  await requireSession();
  const number = revisionNumberSchema.safeParse((await params).number);
  const [revision, draft] = await Promise.all([number.success ? readRevision(number.data) : null, draftSummary()]);
  if (revision === null) notFound();
  const { liveNumber } = revision;
  const [replay, tried] = await Promise.all([replayBefore(revision.number), replayOf(revision.number)]);
  return (
    <>
      <PageHeader
        title={`Revision r${revision.number}${revision.isLive ? ", live" : ""}`}
        actions={
          <>
            <LinkButton href="/revisions">All revisions</LinkButton>
            <LinkButton href={`/revisions/${revision.number}/report`}>Report</LinkButton>
            {!revision.isLive && liveNumber !== null && (
              <LinkButton href={`/revisions/compare?from=${revision.number}&to=${liveNumber}`}>
                Compare with r{liveNumber}
              </LinkButton>
            )}
            {!revision.isLive && liveNumber !== null && revision.rollBackChanges.length > 0 && (
              <RollBack number={revision.number} next={revision.next} draftChanges={draft.changes} />
            )}
          </>
        }
      />
      <div className="flex flex-col gap-4">
        <Panel title="Facts">
          <RevisionFacts revision={revision} />
        </Panel>
        <Panel title="Workers">
          <AcknowledgementList answers={revision.acknowledgements} />
        </Panel>
        <Panel title="What it changed">
          {revision.changes.length === 0 ? (
            <p className="text-muted">Nothing in words.</p>
          ) : (
            <ChangeList changes={revision.changes} />
          )}
        </Panel>
        {replay !== null && (
          <Panel title="On past messages, before it was published">
            <div className="flex flex-col gap-3">
              <p>{replayWords(replay)}</p>
              <ReplayFindings replay={replay} />
            </div>
          </Panel>
        )}
        {!revision.isLive && (
          <Panel title="What rolling back would change now">
            {revision.rollBackChanges.length === 0 ? (
              <p className="text-muted">Nothing: what is live equals it.</p>
            ) : (
              <ChangeList changes={revision.rollBackChanges} />
            )}
          </Panel>
        )}
        {!revision.isLive && (
          <ReplayPanel revision={revision.number} replay={tried} daysKept={daysKept("POSTERN_REPLAY_DAYS")} />
        )}
        <Panel title="Document">
          <pre className="whitespace-pre-wrap font-mono text-sm [overflow-wrap:anywhere]">{revision.yaml}</pre>
        </Panel>
      </div>
    </>
  );
}
