import { Time } from "#components/ui/time.tsx";
import type { RuleHistory as History } from "#lib/rule-history/queries.ts";

/** Who changed the rule, when and how, newest first. */
export function RuleHistory({ history: { entries, isCut } }: { history: History }) {
  return (
    <section aria-label="History of this rule" className="flex flex-col gap-2 border-line border-t pt-4">
      <h3 className="font-medium">History of this rule</h3>
      {entries.length === 0 && <p className="text-muted">The audit log has nothing about it.</p>}
      <ol className="flex flex-col gap-2">
        {entries.map(({ sequence, at, actor, what, words }) => (
          <li key={sequence} className="[overflow-wrap:anywhere]">
            <p>
              <span className="font-medium">{what}</span> by {actor}, <Time at={at} form="relative" />
            </p>
            <ul className="text-muted">
              {words.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {isCut && <p className="text-muted">What came before is in the audit log.</p>}
    </section>
  );
}
