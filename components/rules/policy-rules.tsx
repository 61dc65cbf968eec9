import type { ProxyActionView } from "#lib/policies/queries.ts";
import type { RuleFindings } from "./rule-row.tsx";
import { RulesetTable } from "./ruleset-table.tsx";

type PolicyRulesProps = {
  proxyAction: ProxyActionView;
  /** The policy further up that already shows these rules, if any. */
  shownWith: string | null;
  baseHref: string;
  findings: RuleFindings;
};

/** The rulesets of a policy's proxy action, in the order of a session. */
export function PolicyRules({ proxyAction, shownWith, baseHref, findings }: PolicyRulesProps) {
  if (shownWith !== null) {
    return (
      <p className="text-muted">
        Its rules are those of {proxyAction.name}, shown with the policy {shownWith} above.
      </p>
    );
  }
  return proxyAction.rulesets.map((ruleset) => (
    <RulesetTable
      key={ruleset.stage}
      proxyActionId={proxyAction.id}
      proxyAction={proxyAction.name}
      ruleset={ruleset}
      baseHref={baseHref}
      findings={findings}
    />
  ));
}
