import { EvidenceList } from "#components/ui/evidence-list.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { RuleLooks } from "#components/ui/rule-looks.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { toldLook } from "#components/ui/told-look.ts";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { RuleLook } from "#core/contract/simulation.ts";
import type { ReplayedMessage } from "#lib/replay/replayed-message.ts";

/** One message of a replay: what the rules saw when it was judged, and what those that were tried would see. */
export function ReplayedMessageView({ message }: { message: ReplayedMessage }) {
  const { event, revision, before, tried, after } = message;
  const { replayed, steps, omitted } = after;
  const then = before.trace.map((step) => ({ ...step, reached: true, expired: false }));
  const policy = tried === null ? "the draft" : `r${tried}`;
  return (
    <>
      <PageHeader
        title={<ForeignText text={event.subject} empty={event.id} />}
        actions={
          <>
            <LinkButton href={searchHref("/simulator", { message: event.id })}>Try in the simulator</LinkButton>
            <LinkButton href={`/messages/${encodeURIComponent(event.id)}`}>Message</LinkButton>
            <LinkButton href={tried === null ? "/changes" : `/revisions/${tried}`}>Replay</LinkButton>
          </>
        }
      >
        Judged again by what is kept of it: from <ForeignText text={event.sender} empty="nobody" />.
      </PageHeader>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Side
          title={`As it was judged, by r${revision}`}
          looks={then}
          omitted={before.traceOmitted}
          decider={before.ruleId === null ? null : { id: before.ruleId, name: before.ruleName ?? before.ruleId }}
        >
          <VerdictBadge verdict={before.verdict} />
        </Side>
        <Side title={`By ${policy}`} looks={steps.map(toldLook)} omitted={omitted} decider={replayed.rule}>
          {replayed.kind === "decided" ? (
            <VerdictBadge verdict={replayed.verdict} />
          ) : (
            <span>Nothing can be said: {replayed.why}.</span>
          )}
        </Side>
      </div>
    </>
  );
}

type SideProps = {
  title: string;
  looks: readonly RuleLook[];
  omitted: number;
  decider: { id: string; name: string } | null;
  children: React.ReactNode;
};

function Side({ title, looks, omitted, decider, children }: SideProps) {
  const deciding = looks.findLast(({ ruleId }) => ruleId === decider?.id);
  return (
    <Panel title={title}>
      <div className="flex flex-col gap-3">
        <p className="flex flex-wrap items-center gap-2">
          {children}
          {decider === null ? (
            <span className="text-muted">No rule decides.</span>
          ) : (
            <span>
              By the rule <RuleLink id={decider.id} name={decider.name} />
              {deciding !== undefined && ` (${deciding.stage})`}
            </span>
          )}
        </p>
        {deciding !== undefined && <EvidenceList evidence={deciding.evidence} />}
        {looks.length > 0 && (
          <RuleLooks looks={looks} decidedBy={decider === null ? [] : [decider.id]} unsaid="cannot be said" />
        )}
        {omitted > 0 && <p className="text-muted">{omitted} more are not shown.</p>}
      </div>
    </Panel>
  );
}
