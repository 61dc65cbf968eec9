import { RuleLink } from "#components/ui/rule-link.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import type { ReplayView } from "#lib/replay/queries.ts";
import type { Unsaid } from "#lib/replay/result.ts";
import { count, sum } from "./replay-words.ts";
import { SampleLinks } from "./sample-links.tsx";

/** Messages of which nothing can be said, by the rule of which it cannot and the reason. */
export function UnsaidTable({ replay: { id, result, samples } }: { replay: ReplayView }) {
  return (
    <Table caption="Messages of which nothing can be said">
      <thead>
        <tr>
          <Th>Nothing can be said of</Th>
          <Th>Because</Th>
          <Th numeric>Messages</Th>
          <Th>Samples</Th>
        </tr>
      </thead>
      {byRule(result.notReplayed).map(({ rule, reasons }) => (
        <tbody key={rule?.id ?? ""}>
          {reasons.map(({ why, messages, samples: ids }, index) => (
            <Row key={why}>
              <Td label="Rule" className="[overflow-wrap:anywhere]">
                {index === 0 && <RuleTotal rule={rule} reasons={reasons} />}
              </Td>
              <Td wide className="[overflow-wrap:anywhere]">
                {why}
              </Td>
              <Td label="Messages" numeric>
                {count(messages)}
              </Td>
              <Td label="Samples" wide>
                <SampleLinks jobId={id} ids={ids} messages={samples} open={false} />
              </Td>
            </Row>
          ))}
        </tbody>
      ))}
    </Table>
  );
}

function RuleTotal({ rule, reasons }: { rule: Unsaid["rule"]; reasons: readonly Unsaid[] }) {
  return (
    <>
      {rule === null ? <span className="text-muted">any rule</span> : <RuleLink id={rule.id} name={rule.name} />}
      {reasons.length > 1 && <span className="text-muted">, {count(sum(reasons))} in all</span>}
    </>
  );
}

/** The largest sums first. */
function byRule(unsaid: readonly Unsaid[]): { rule: Unsaid["rule"]; reasons: Unsaid[] }[] {
  const groups = Object.values(Object.groupBy(unsaid, ({ rule }) => rule?.id ?? "")).map((reasons = []) => ({
    rule: reasons[0]?.rule ?? null,
    reasons: reasons.toSorted((a, b) => b.messages - a.messages),
  }));
  return groups.toSorted((a, b) => sum(b.reasons) - sum(a.reasons));
}
