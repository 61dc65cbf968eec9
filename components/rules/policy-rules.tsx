import type { ReactNode } from "react";
import type { PolicyView } from "#lib/policies/queries.ts";
import { RulesetTable } from "./ruleset-table.tsx";
import { stageTitle } from "./stages.ts";
import { SystemGroup } from "./system-group.tsx";

type PolicyRulesProps = {
  view: PolicyView;
  /** The policy further up that already shows these rules, if any. */
  shownWith: { id: string; name: string } | null;
  baseHref: string;
};

/** What mail of a policy meets, in the order of a session: the rulesets of its proxy action, and what the system does around them. */
export function PolicyRules({ view: { proxyAction, system }, shownWith, baseHref }: PolicyRulesProps): ReactNode {
  if (shownWith !== null) {
    return (
      <>
        <SystemGroup title="around its rules" rules={system} />
        <p className="text-muted">
          Its rules are those of {proxyAction.name}, shown with the policy{" "}
          <a href={`#policy-${shownWith.id}`} className="rounded-sm text-accent underline underline-offset-2">
            {shownWith.name}
          </a>{" "}
          above.
        </p>
      </>
    );
  }
  return (
    <>
      {proxyAction.rulesets.map((ruleset) => (
        <div key={ruleset.stage} className="flex min-w-0 flex-col gap-1">
          <SystemGroup
            title={`before ${stageTitle(ruleset.stage).toLowerCase()} rules`}
            rules={system.filter(({ before }) => before === ruleset.stage)}
          />
          <RulesetTable
            proxyActionId={proxyAction.id}
            proxyAction={proxyAction.name}
            ruleset={ruleset}
            baseHref={baseHref}
          />
        </div>
      ))}
      <SystemGroup title="after all rules" rules={system.filter(({ before }) => before === null)} />
    </>
  );
}
