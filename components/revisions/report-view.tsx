import type { ReactNode } from "react";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { RevisionReport } from "#lib/revisions/report.ts";

/** What was done with a revision, in order. */
export function ReportActs({ acts }: Pick<RevisionReport, "acts">) {
  return (
    <ul className="flex flex-col gap-1">
      {acts.map(({ at, actor, summary }) => (
        <li key={`${at} ${summary}`} className="[overflow-wrap:anywhere]">
          <Time at={at} /> <span className="font-medium">{actor}</span>: {summary}
        </li>
      ))}
    </ul>
  );
}

/** How many messages and logins it judged, and which rules decided. */
export function ReportHits({ revision, verdicts, rules }: Pick<RevisionReport, "revision" | "verdicts" | "rules">) {
  if (verdicts.length === 0) return <p className="text-muted">It has judged nothing.</p>;
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {verdicts.map(({ verdict, messages }) => (
          <li key={verdict} className="inline-flex items-center gap-2">
            <VerdictBadge verdict={verdict} />
            {messages.toLocaleString("en")}
          </li>
        ))}
      </ul>
      <Table caption={`What decided under r${revision.number}`}>
        <thead>
          <tr>
            <Th>Decided by</Th>
            <Th numeric>Messages</Th>
          </tr>
        </thead>
        <tbody>
          {rules.map(({ ruleId, ruleName, messages }) => (
            <Row key={ruleId}>
              <Td wide className="[overflow-wrap:anywhere]">
                <RuleLink ruleId={ruleId}>{ruleName ?? "no rule: what holds when none matches, or a limit"}</RuleLink>
              </Td>
              <Td label="Messages" numeric>
                {messages.toLocaleString("en")}
              </Td>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function RuleLink({ ruleId, children }: { ruleId: string | null; children: ReactNode }) {
  if (ruleId === null) return children;
  return <TextLink href={`/messages?rule=${encodeURIComponent(ruleId)}`}>{children}</TextLink>;
}
