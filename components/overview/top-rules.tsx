import { searchHref } from "#components/ui/search-href.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import type { TopRule } from "#lib/overview/queries.ts";

type TopRulesProps = {
  rules: readonly TopRule[];
  /** Of the interface whose rules they are, and its name; null: all of them. */
  address: string | null;
  scope: string | null;
};

/** The rules that matched most in the last 24 hours. */
export function TopRules({ rules, address, scope }: TopRulesProps) {
  if (rules.length === 0) return <p className="text-muted">No rule matched in the last 24 hours.</p>;
  return (
    <>
      <ol className="flex flex-col gap-1">
        {rules.map(({ ruleId, name, enforced, observed }) => (
          <li key={ruleId} className="flex justify-between gap-3">
            <TextLink
              href={searchHref("/messages", { interface: address, rule: ruleId, range: "day" })}
              className="truncate"
            >
              {name ?? `deleted rule ${ruleId.slice(0, 8)}`}
            </TextLink>
            <span className="whitespace-nowrap">
              {enforced}
              {observed > 0 && <span className="text-muted"> + {observed} observed</span>}
            </span>
          </li>
        ))}
      </ol>
      {scope !== null && (
        <p className="mt-2 text-muted">Rules that mail at {scope} meets; other interfaces that share one count, too.</p>
      )}
    </>
  );
}
