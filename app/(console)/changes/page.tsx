import type { Metadata } from "next";
import { DraftChanges } from "#components/changes/draft-changes.tsx";
import { PublishForm } from "#components/changes/publish-form.tsx";
import { PublishSteps } from "#components/changes/publish-steps.tsx";
import { changesStep, checksStep, publishStep } from "#components/changes/step-words.ts";
import { WorkerAnswers } from "#components/changes/worker-answers.tsx";
import { authorWords } from "#components/layout/author-words.ts";
import { ReplayPanel } from "#components/replay/replay-panel.tsx";
import { replayWords } from "#components/replay/replay-words.ts";
import { TestCheck } from "#components/simulator/test-check.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FindingList } from "#components/ui/finding-list.tsx";
import { LineDiff } from "#components/ui/line-diff.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { daysKept } from "#lib/env.ts";
import { draftFindings } from "#lib/lint/queries.ts";
import { countPolicyTests } from "#lib/policy-tests/queries.ts";
import { latestReplay } from "#lib/replay/queries.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { draftReview, publishedState } from "#lib/revisions/queries.ts";

export const metadata: Metadata = { title: "Review & publish" };

export default async function ChangesPage() {
  const { permissions, name } = await requireSession();
  const [review, published, findings, tests, { authors }] = await Promise.all([
    draftReview(),
    publishedState(),
    draftFindings(new Date()),
    countPolicyTests(),
    draftSummary(),
  ]);
  const { changes, liveRevision, foreignRevision, problems } = review;
  const replay = await latestReplay(review.digest);
  const where = published?.workers.some(({ waits }) => waits) ? "at its first workers" : "live";
  const live = liveRevision === null ? "Nothing is published yet" : `r${liveRevision} is ${where}`;
  return (
    <>
      <PageHeader title="Review & publish" actions={<LinkButton href="/revisions">Revisions</LinkButton>}>
        {live}.{" "}
        {changes.length === 0
          ? "The draft has no changes."
          : `${changes.length === 1 ? "1 change waits" : `${changes.length} changes wait`} in the draft.`}
      </PageHeader>
      <div className="flex flex-col gap-4">
        {foreignRevision !== null && (
          <Notice kind="warning">
            A worker enforces r{foreignRevision}, which this database does not know; it was probably replaced. The
            worker keeps that policy and takes only a newer one: look through the draft, then publish it as r
            {review.next}.
          </Notice>
        )}
        {changes.length === 0 && foreignRevision === null ? (
          <EmptyState title="Nothing to publish" action={<LinkButton href="/policies">Rules</LinkButton>}>
            What you change in the policies gathers here until you publish it.
          </EmptyState>
        ) : (
          <>
            <PublishSteps
              changes={changesStep(changes, authorWords(authors, name))}
              checks={checksStep(problems, tests, findings)}
              impact={replay === null || replay.isOutdated ? "not replayed on past messages yet" : replayWords(replay)}
              publish={publishStep(review.next, problems, published?.workers.length ?? 0)}
            />
            <Panel id="changes" title="Changes">
              {changes.length === 0 ? (
                <p className="text-muted">None against r{liveRevision}.</p>
              ) : (
                <DraftChanges changes={changes} draftDigest={review.digest} canDiscard={liveRevision !== null} />
              )}
            </Panel>
            <Panel title="As YAML">
              <LineDiff hunks={review.yaml} />
            </Panel>
            <span id="checks" />
            {findings.length > 0 && (
              <Panel title={`Findings (${findings.length})`}>
                <p className="mb-2 text-muted">
                  In the whole draft, not only in the changes. They do not keep it from being published.
                </p>
                <FindingList findings={findings} />
              </Panel>
            )}
            <TestCheck key={review.digest} count={tests} />
            <span id="impact" />
            <ReplayPanel revision={null} replay={replay} daysKept={daysKept("POSTERN_REPLAY_DAYS")} />
            <Panel id="publish" title="Publish">
              {problems !== null && (
                <div className="mb-3">
                  <Notice kind="fault">
                    <span className="whitespace-pre-line">The draft cannot be published:{`\n${problems}`}</span>
                  </Notice>
                </div>
              )}
              <PublishForm
                next={review.next}
                draftDigest={review.digest}
                changes={changes.length}
                canPublish={problems === null}
                harms={findings.filter(({ severity }) => severity === "harm").map(({ what }) => what)}
                live={liveRevision}
                workers={published?.workers ?? []}
                mayOverride={permissions.includes("publish-failing")}
                canDiscard={liveRevision !== null && changes.length > 0}
              />
            </Panel>
          </>
        )}
        {published !== null && (
          <Panel title={`Workers and r${published.number}`}>
            <WorkerAnswers state={published} />
          </Panel>
        )}
      </div>
    </>
  );
}
