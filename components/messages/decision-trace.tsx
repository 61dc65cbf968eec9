import { EvidenceList } from "#components/ui/evidence-list.tsx";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { type DecisionRecord, type TraceStep, verdictSchema } from "#core/contract/decision.ts";
import { AlarmBadge } from "./alarm-badge.tsx";

/** Every rule that was looked at, in order, with what it saw. */
export function DecisionTrace({ decision }: { decision: DecisionRecord }) {
  if (decision.trace.length === 0) return <p className="text-muted">No rule was looked at.</p>;
  const rang = new Set<string | null>(decision.alarms?.map(({ ruleId }) => ruleId));
  return (
    <>
      <Table caption="Rules in the order they were looked at">
        <thead>
          <tr>
            <Th>#</Th>
            <Th>Stage</Th>
            <Th>Rule</Th>
            <Th>Result</Th>
            <Th>Test and observed value</Th>
          </tr>
        </thead>
        <tbody>
          {decision.trace.map((step, index) => (
            <Row key={index} className={step.matched && step.ruleId !== null ? "bg-accent-tint" : ""}>
              <Td className="text-muted">{index + 1}</Td>
              <Td>{step.stage}</Td>
              <Td>
                <RuleName step={step} rang={rang.has(step.ruleId) && step.matched} />
              </Td>
              <Td>
                <StepResult step={step} />
              </Td>
              <Td wide>
                <EvidenceList evidence={step.evidence} />
              </Td>
            </Row>
          ))}
        </tbody>
      </Table>
      {decision.traceOmitted > 0 && (
        <p className="mt-2 text-muted">{decision.traceOmitted} more steps were looked at and not kept.</p>
      )}
    </>
  );
}

function RuleName({ step, rang }: { step: TraceStep; rang: boolean }) {
  if (step.ruleId === null) return <span className="text-muted">{step.ruleName}</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <RuleLink id={step.ruleId} name={step.ruleName} />
      {step.state === "observe" && <StateBadge state="observe">observe</StateBadge>}
      {rang && <AlarmBadge />}
    </span>
  );
}

function StepResult({ step }: { step: TraceStep }) {
  if (!step.matched) return <span className="text-muted">not matched</span>;
  const verdict = verdictSchema.safeParse(verdictWords[step.action] ?? step.action);
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {step.ruleId === null ? "no rule decided" : "matched"}
      {verdict.success && <VerdictBadge verdict={verdict.data} would={step.state === "observe"} />}
      {(!verdict.success || verdict.data !== step.action) && step.action}
    </span>
  );
}

/** The verdicts of actions that are called otherwise. */
const verdictWords: Readonly<Record<string, string>> = { lock: "strip", "replace-part": "strip", hold: "quarantine" };
