import { EvidenceList } from "#components/ui/evidence-list.tsx";
import type { Evidence } from "#core/contract/decision.ts";
import type { RuleLook } from "#core/contract/simulation.ts";
import type { Tried, TriedSession } from "#lib/simulator/try-message.ts";
import { ByFacts } from "./facts-result.tsx";
import { Outcome, UnderLive } from "./tried-result.tsx";

/** What would become of a message, and what the one rule that is edited has to do with it. */
export function RuleTrialResult({ tried, ruleId }: { tried: Tried; ruleId: string }) {
  return (
    <div className="flex flex-col gap-2 rounded-md bg-sunken p-3">
      {tried.by === "session" ? (
        <>
          <Outcome tried={tried} />
          <ThisRule words={ruleWords(tried, ruleId)} evidence={lookOf(tried, ruleId)?.evidence ?? []} />
          <UnderLive tried={tried} />
        </>
      ) : (
        <>
          <ByFacts replayed={tried.replayed} />
          <ThisStep steps={tried.steps} ruleId={ruleId} />
        </>
      )}
    </div>
  );
}

function ThisStep({ steps, ruleId }: { steps: Extract<Tried, { by: "facts" }>["steps"]; ruleId: string }) {
  const own = steps.filter((step) => step.ruleId === ruleId);
  const step = own.find(({ matched }) => matched === true) ?? own[0];
  if (step === undefined)
    return <ThisRule words="was not asked: a rule before it had decided, or it is off." evidence={[]} />;
  return <ThisRule words={factsWords[String(step.matched)] ?? ""} evidence={step.evidence ?? []} />;
}

const factsWords: Record<string, string> = {
  true: "matches.",
  false: "does not match, because:",
  null: "asks for more than is kept of this message: add its .eml file to try it whole.",
};

function ThisRule({ words, evidence }: { words: string; evidence: readonly Evidence[] }) {
  return (
    <div>
      <p>
        <strong>This rule</strong> {words}
      </p>
      {evidence.length > 0 && <EvidenceList evidence={evidence} />}
    </div>
  );
}

function lookOf({ rules }: TriedSession, ruleId: string): RuleLook | undefined {
  return rules.find((look) => look.ruleId === ruleId);
}

/** What it did, or why it did nothing. */
function ruleWords(tried: TriedSession, ruleId: string): string {
  const look = lookOf(tried, ruleId);
  const decider = tried.events.flatMap(({ decision }) => decision ?? [])[0] ?? null;
  const by = decider?.ruleId == null ? "" : ` by “${decider.ruleName}”`;
  if (look === undefined)
    return tried.policy === null
      ? "was not asked: no policy takes the connection."
      : `was not asked: the policy “${tried.policy}” judges this connection by another proxy action.`;
  if (look.matched === null) return `was not asked: nothing came to its ruleset, or it was stopped before${by}.`;
  const matches = look.matched ? "matches" : "does not match";
  if (look.state === "off") return `is off; it ${look.matched ? "would match" : "would not match"}.`;
  if (look.expired) return `has expired; it ${look.matched ? "would match" : "would not match"}.`;
  if (!look.reached) return `${matches}, but it was not its turn: a rule before it had decided${by}.`;
  if (!look.matched) return "does not match, because:";
  if (look.state === "observe") return "matches; it only observes.";
  return decider?.ruleId === ruleId ? "matches, and decides." : "matches.";
}
