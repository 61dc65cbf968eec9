import type { Metadata } from "next";
import { cookies } from "next/headers";
import { GoneInterface } from "#components/layout/gone-interface.tsx";
import { FindingsOf } from "#components/lint/findings-of.tsx";
import { FirstSteps } from "#components/policies/first-steps.tsx";
import { NoPolicies } from "#components/policies/no-policies.tsx";
import { PoliciesHeader, withEditor } from "#components/policies/policies-header.tsx";
import { PolicyMenu } from "#components/policies/policy-menu.tsx";
import { PolicySection } from "#components/policies/policy-section.tsx";
import { RuleSearch } from "#components/policies/rule-search.tsx";
import { densityCookie, readDensity } from "#components/rules/density.ts";
import { PolicyRules } from "#components/rules/policy-rules.tsx";
import { RulesPage } from "#components/rules/rules-page.tsx";
import { ListGlances } from "#components/ui/list-glances.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { requireSession } from "#lib/auth/session.ts";
import { interfaceTabs } from "#lib/interfaces/queries.ts";
import { readScope } from "#lib/interfaces/scope.ts";
import { draftFindings } from "#lib/lint/queries.ts";
import { listGlances } from "#lib/lists/queries.ts";
import { foundRules, policyOverview, readPolicies } from "#lib/policies/queries.ts";
import { draftRuleCount, proxyActionChoices } from "#lib/proxy-actions/queries.ts";
import { OpenEditor } from "./open-editor.tsx";
import { policySearchSchema } from "./search.ts";

export const metadata: Metadata = { title: "Rules" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PoliciesPage({ searchParams }: PageProps) {
  await requireSession();
  const search = policySearchSchema.parse(await searchParams);
  const now = new Date();
  const harms = (await draftFindings(now)).filter(({ severity }) => severity === "harm");
  const interfaces = await interfaceTabs(harms.flatMap(({ place }) => place ?? []));
  const scope = await readScope(search.interface);
  const find = search.find ?? null;
  const [policies, rules, { names, parts }, places, lists, found, store] = await Promise.all([
    readPolicies(scope?.name ?? null, now),
    draftRuleCount(),
    policyOverview(),
    proxyActionChoices(),
    listGlances(),
    find === null ? null : foundRules(find),
    cookies(),
  ]);
  const address = scope?.id ?? search.interface;
  const baseHref = searchHref("/policies", { interface: address, find });
  return (
    <ListGlances lists={lists}>
      <PoliciesHeader interfaces={interfaces} scope={scope} baseHref={baseHref} rules={rules} harms={harms.length} />
      {policies.length === 0 && scope === null && <FirstSteps {...parts} />}
      {policies.length === 0 && scope !== null && scope.id !== null && (
        <NoPolicies interfaceName={scope.name} baseHref={baseHref} />
      )}
      <GoneInterface scope={scope} path="/policies" />
      <div className="mt-4">
        <RulesPage
          madeAt={now.getTime()}
          places={places}
          found={found}
          search={<RuleSearch scope={address} find={find} found={found?.length ?? 0} />}
          density={readDensity(store.get(densityCookie)?.value)}
        >
          <div className="flex min-w-0 flex-col gap-8">
            {policies.map((view, index) => {
              const shown = policies.slice(0, index).find(({ proxyAction }) => proxyAction.id === view.proxyAction.id);
              return (
                <PolicySection
                  key={view.id}
                  view={view}
                  madeAt={now.toISOString()}
                  placeWords={`policy ${index + 1} of ${policies.length}${scope === null ? "" : ` at ${scope.name}`}`}
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
                  <FindingsOf kind="policy" id={view.id} />
                  <PolicyRules
                    view={view}
                    shownWith={shown === undefined ? null : { id: shown.id, name: shown.policy.name }}
                    baseHref={baseHref}
                  />
                </PolicySection>
              );
            })}
          </div>
        </RulesPage>
      </div>
      <OpenEditor search={search} closeHref={baseHref} />
    </ListGlances>
  );
}
