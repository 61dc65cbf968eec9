import type { Metadata } from "next";
import { NoPolicies } from "#components/policies/no-policies.tsx";
import { PoliciesHeader, policiesHref } from "#components/policies/policies-header.tsx";
import { PolicySection } from "#components/policies/policy-section.tsx";
import { PolicyRules } from "#components/rules/policy-rules.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { interfaceTabs } from "#lib/interfaces/queries.ts";
import { readPolicies } from "#lib/policies/queries.ts";
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
  const [policies, rules] = await Promise.all([readPolicies(current, new Date()), draftRuleCount()]);
  const baseHref = policiesHref(current);
  return (
    <>
      <PoliciesHeader interfaces={interfaces} current={current} rules={rules} />
      <div className="mt-4 flex flex-col gap-8">
        {policies.length === 0 && <NoPolicies interfaceName={current} />}
        {policies.map((view, index) => {
          const shown = policies.slice(0, index).find(({ proxyAction }) => proxyAction.id === view.proxyAction.id);
          return (
            <PolicySection key={view.policy.name} view={view}>
              <PolicyRules proxyAction={view.proxyAction} shownWith={shown?.policy.name ?? null} baseHref={baseHref} />
            </PolicySection>
          );
        })}
      </div>
      <OpenEditor search={search} closeHref={baseHref} />
    </>
  );
}
