import type { Metadata } from "next";
import { FirstSteps } from "#components/policies/first-steps.tsx";
import { NoPolicies } from "#components/policies/no-policies.tsx";
import { PoliciesHeader, policiesHref, withEditor } from "#components/policies/policies-header.tsx";
import { PolicyMenu } from "#components/policies/policy-menu.tsx";
import { PolicySection } from "#components/policies/policy-section.tsx";
import { PolicyRules } from "#components/rules/policy-rules.tsx";
import { FindingList } from "#components/ui/finding-list.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { interfaceTabs } from "#lib/interfaces/queries.ts";
import { findingsByRule } from "#lib/lint/findings-by-rule.ts";
import { draftFindings } from "#lib/lint/queries.ts";
import { policyOverview, readPolicies } from "#lib/policies/queries.ts";
import { draftRuleCount } from "#lib/proxy-actions/queries.ts";
import { OpenEditor } from "./open-editor.tsx";
import { policySearchSchema } from "./search.ts";

export const metadata: Metadata = { title: "Policies" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PoliciesPage({ searchParams }: PageProps) {
  await requireSession();
  const search = policySearchSchema.parse(await searchParams);
  const interfaces = await interfaceTabs();
  const current = interfaces.find(({ name }) => name === search.interface)?.name ?? null;
  const now = new Date();
  const [policies, rules, { names, parts }, findings] = await Promise.all([
    readPolicies(current, now),
    draftRuleCount(),
    policyOverview(),
    draftFindings(now),
  ]);
  const baseHref = policiesHref(current);
  return (
    <>
      <PoliciesHeader interfaces={interfaces} current={current} rules={rules} />
      <div className="mt-4 flex flex-col gap-8">
        {policies.length === 0 &&
          (current === null ? <FirstSteps {...parts} /> : <NoPolicies interfaceName={current} />)}
        {policies.map((view, index) => {
          const shown = policies.slice(0, index).find(({ proxyAction }) => proxyAction.id === view.proxyAction.id);
          return (
            <PolicySection
              key={view.id}
              view={view}
              madeAt={now.toISOString()}
              menu={
                <PolicyMenu
                  policy={{
                    id: view.id,
                    version: view.version,
                    name: view.policy.name,
                    enabled: view.policy.enabled,
                    position: view.position,
                  }}
                  names={names}
                  editHref={withEditor(baseHref, "policy", view.id)}
                />
              }
            >
              <FindingList
                linked={false}
                findings={findings.filter(({ place }) => place?.kind === "policy" && place.id === view.id)}
              />
              <PolicyRules
                proxyAction={view.proxyAction}
                shownWith={shown?.policy.name ?? null}
                baseHref={baseHref}
                findings={findingsByRule(findings)}
              />
            </PolicySection>
          );
        })}
      </div>
      <OpenEditor search={search} closeHref={baseHref} />
    </>
  );
}
