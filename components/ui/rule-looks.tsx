"use client";
import { useState } from "react";
import type { RuleLook } from "#core/contract/simulation.ts";
import { Checkbox } from "./checkbox.tsx";
import { EvidenceList } from "./evidence-list.tsx";
import { RuleLink } from "./rule-link.tsx";
import { StateBadge } from "./state-badge.tsx";
import { Row, Table, Td, Th } from "./table.tsx";

type RuleLooksProps = {
  looks: readonly RuleLook[];
  decidedBy: readonly string[];
  /** What is said of a rule where `matched` is null. */
  unsaid?: string;
};

/** Every rule in order with what it saw, whether it was its turn or not. */
export function RuleLooks({ looks, decidedBy, unsaid = "not asked" }: RuleLooksProps) {
  const [matchedOnly, setMatchedOnly] = useState(false);
  const shown = matchedOnly ? looks.filter(({ matched }) => matched === true) : looks;
  return (
    <div className="flex flex-col gap-2">
      <Checkbox
        label="Only those that match"
        checked={matchedOnly}
        onChange={({ target }) => setMatchedOnly(target.checked)}
      />
      <Table caption="Every rule and what it saw">
        <thead>
          <tr>
            <Th>Stage</Th>
            <Th>Rule</Th>
            <Th>Result</Th>
            <Th>Test and observed value</Th>
          </tr>
        </thead>
        <tbody>
          {shown.map((look) => (
            <Row
              key={`${look.stage} ${look.ruleId} ${look.matched}`}
              className={
                look.ruleId !== null && decidedBy.includes(look.ruleId) && look.reached && look.matched === true
                  ? "bg-accent-tint"
                  : ""
              }
            >
              <Td label="Stage">{look.stage}</Td>
              <Td wide>
                <span className="inline-flex flex-wrap items-center gap-2">
                  {look.ruleId === null ? (
                    <span className="text-muted">{look.ruleName}</span>
                  ) : (
                    <RuleLink id={look.ruleId} name={look.ruleName} />
                  )}
                  {look.state === "observe" && <StateBadge state="observe">observe</StateBadge>}
                </span>
              </Td>
              <Td label="Result">{look.matched === null ? unsaid : resultWords(look, look.matched)}</Td>
              <Td wide>
                <EvidenceList evidence={look.evidence} />
              </Td>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function resultWords({ ruleId, reached, state, expired, action }: RuleLook, matched: boolean): string {
  if (ruleId === null) return reached ? `no rule decided: ${action}` : "a rule decided";
  const said = matched ? `matches: ${action}` : "does not match";
  if (reached) return said;
  if (state === "off") return `off; ${said}`;
  if (expired) return `expired; ${said}`;
  return `not its turn: decided before; ${said}`;
}
