import { buttonClass } from "#components/ui/button.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { ReplayView } from "#lib/replay/queries.ts";
import type { VerdictChange } from "#lib/replay/result.ts";
import { count } from "./replay-words.ts";
import { SampleLinks } from "./sample-links.tsx";
import { UnsaidTable } from "./unsaid-table.tsx";

/** What would be decided otherwise, and what nothing can be said of, each with samples. */
export function ReplayFindings({ replay }: { replay: ReplayView }) {
  const { id, result, samples, listed, isListedWhole, finishedAt } = replay;
  const changed = result.changed
    .map((change, kind) => ({ ...change, kind }))
    .toSorted((a, b) => b.messages - a.messages);
  const isOver = finishedAt !== null;
  return (
    <>
      {changed.length > 0 && (
        <Table caption="Messages that get another verdict">
          <thead>
            <tr>
              <Th>Verdict</Th>
              <Th numeric>Messages</Th>
              <Th>By</Th>
              <Th>Samples</Th>
            </tr>
          </thead>
          <tbody>
            {changed.map((change) => (
              <Row key={[change.from, change.to, change.before, change.rule?.id].join(" ")}>
                <Td wide>
                  <span className="inline-flex flex-wrap items-center gap-1">
                    <VerdictBadge verdict={change.from} />
                    <span aria-label="becomes">→</span>
                    <VerdictBadge verdict={change.to} />
                  </span>
                </Td>
                <Td label="Messages" numeric>
                  {listed === 0 ? (
                    count(change.messages)
                  ) : (
                    <TextLink href={searchHref("/messages", { replay: `${id}.${change.kind}` })}>
                      {count(change.messages)}
                    </TextLink>
                  )}
                </Td>
                <Td label="By" className="[overflow-wrap:anywhere]">
                  {deciderWords(change)}
                </Td>
                <Td label="Samples" wide>
                  <SampleLinks jobId={id} ids={change.samples} messages={samples} open={isOver} />
                </Td>
              </Row>
            ))}
          </tbody>
        </Table>
      )}
      {listed > 0 && (
        <p className="flex flex-wrap items-center gap-3">
          <a href={`/replays/${id}/changes`} download className={buttonClass({})}>
            Export CSV
          </a>
          {!isListedWhole && <span className="text-muted">The first {count(listed)} changed messages are listed.</span>}
        </p>
      )}
      {result.otherwiseChanged > 0 && (
        <p className="text-muted">And {count(result.otherwiseChanged)} of more kinds than are told apart.</p>
      )}
      {result.notReplayed.length > 0 && <UnsaidTable replay={replay} />}
    </>
  );
}

function deciderWords({ rule, before }: VerdictChange): string {
  if (rule === null) return before === null ? "no rule matches any more" : `no more by the rule "${before}"`;
  return before === null || before === rule.name
    ? `the rule "${rule.name}"`
    : `the rule "${rule.name}", until now "${before}"`;
}
