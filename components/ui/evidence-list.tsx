import type { Evidence } from "#core/contract/decision.ts";
import { facts } from "#core/contract/facts.ts";
import { ForeignText } from "./foreign-text.tsx";

/** What a rule asked, and the values that it saw. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  return (
    <ul>
      {evidence.map(({ fact, test, observed }, index) => (
        <li key={index}>
          {factWords(fact)} <span className="text-muted">{test}:</span>{" "}
          <span className="font-mono text-sm">
            <ForeignText text={observed} empty="(empty)" />
          </span>
        </li>
      ))}
    </ul>
  );
}

function factWords(name: string): string {
  const known: Record<string, { words: string }> = facts;
  return known[name]?.words ?? name;
}
