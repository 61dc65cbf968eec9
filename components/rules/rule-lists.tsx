import { ListLink } from "#components/ui/list-link.tsx";
import { conditionLists } from "#core/policy/condition-lists.ts";
import type { RuleView } from "#lib/policies/queries.ts";

const listsShownMax = 2;

/** The lists that a rule asks about, beside its sentence: what they hold shows on hover and focus. The unfolded row has all of them. */
export function RuleLists({ rule }: { rule: RuleView["rule"] }) {
  const names = [...new Set(conditionLists(rule.when))];
  const left = names.length - listsShownMax;
  return (
    <>
      {names.slice(0, listsShownMax).map((name) => (
        <ListLink key={name} name={name} chip />
      ))}
      {left > 0 && <span className="whitespace-nowrap text-muted text-sm">+{left}</span>}
    </>
  );
}
