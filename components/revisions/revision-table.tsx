import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { RevisionFilter, RevisionView } from "#lib/revisions/queries.ts";
import { RevisionKindBadges } from "./revision-kind.tsx";

const nothing = {
  policy: "Nothing but lists from their feeds was published.",
  people: "No person has published anything.",
  programs: "No program has published anything.",
};

const changesShownMax = 3;

type RevisionTableProps = { revisions: readonly RevisionView[]; filter: RevisionFilter };

/** The history, newest first. */
export function RevisionTable({ revisions, filter }: RevisionTableProps) {
  if (revisions.length === 0 && filter !== "all") return <p className="text-muted">{nothing[filter]}</p>;
  if (revisions.length === 0) {
    return (
      <EmptyState title="Nothing published yet" action={<LinkButton href="/changes">Review & publish</LinkButton>}>
        Workers without a revision answer every sender with 451: nothing passes unchecked.
      </EmptyState>
    );
  }
  return (
    <Table caption="Revisions, newest first">
      <thead>
        <tr>
          <Th>Revision</Th>
          <Th>Published</Th>
          <Th>By</Th>
          <Th>Comment and changes</Th>
          <Th>Workers</Th>
        </tr>
      </thead>
      <tbody>
        {revisions.map((revision) => (
          <Row key={revision.number}>
            <Td className="whitespace-nowrap">
              <span className="inline-flex items-center gap-2">
                <TextLink href={`/revisions/${revision.number}`}>r{revision.number}</TextLink>
                {revision.isLive && <StateBadge state="up">live</StateBadge>}
              </span>
            </Td>
            <Td label="Published">
              <Time at={revision.publishedAt} />
            </Td>
            <Td label="By">{revision.authorName}</Td>
            <Td wide className="[overflow-wrap:anywhere]">
              <span className="flex flex-wrap gap-1 empty:hidden">
                <RevisionKindBadges revision={revision} />
              </span>
              {revision.comment !== "" && <p>{revision.comment}</p>}
              <ul className="text-muted">
                {revision.changes.slice(0, changesShownMax).map(({ words }, index) => (
                  <li key={index}>{words}</li>
                ))}
                {revision.changes.length > changesShownMax && (
                  <li>and {revision.changes.length - changesShownMax} more</li>
                )}
              </ul>
            </Td>
            <Td label="Workers">
              <WorkersTook revision={revision} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function WorkersTook({ revision: { acknowledgements } }: { revision: RevisionView }) {
  const applied = acknowledgements.filter((answer) => answer.applied).length;
  if (acknowledgements.length === 0) return <span className="text-muted">no answer</span>;
  const state = applied === acknowledgements.length ? "up" : "down";
  return (
    <StateBadge state={state}>
      {applied} of {acknowledgements.length}
    </StateBadge>
  );
}
