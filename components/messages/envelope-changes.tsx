import { ForeignText } from "#components/ui/foreign-text.tsx";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import type { MessageEvent } from "#core/contract/event.ts";

type Changes = NonNullable<MessageEvent["envelopeChanges"]>;

/** What rules changed in the envelope, in order, and which. */
export function EnvelopeChanges({ changes }: { changes: Changes }) {
  return (
    <Table caption="Changes of the envelope, in order">
      <thead>
        <tr>
          <Th>What</Th>
          <Th>From</Th>
          <Th>To</Th>
          <Th>Rule</Th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ what, from, to, ruleId, ruleName }, index) => (
          <Row key={index}>
            <Td>{what}</Td>
            <Td label="From" className="font-mono text-sm [overflow-wrap:anywhere]">
              <ForeignText text={from} empty="<>" />
            </Td>
            <Td label="To" className="font-mono text-sm [overflow-wrap:anywhere]">
              <ForeignText text={to} empty="<>" />
            </Td>
            <Td label="Rule">
              <RuleLink id={ruleId} name={ruleName} />
            </Td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
