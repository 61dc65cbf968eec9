import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { z } from "zod";
import { FindingsOf } from "#components/lint/findings-of.tsx";
import { ProfileForm } from "#components/proxy-actions/profile-form.tsx";
import { SectionLinks } from "#components/proxy-actions/section-links.tsx";
import { settingSections } from "#components/proxy-actions/setting-sections.ts";
import { densityCookie, readDensity } from "#components/rules/density.ts";
import { RulesPage } from "#components/rules/rules-page.tsx";
import { RulesetSection } from "#components/rules/ruleset-section.tsx";
import { stageTitle } from "#components/rules/stages.ts";
import { LinkButton } from "#components/ui/link-button.tsx";
import { ListGlances } from "#components/ui/list-glances.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { inspectionNames } from "#lib/inspection/queries.ts";
import { listGlances } from "#lib/lists/queries.ts";
import { readProxyActionView } from "#lib/policies/queries.ts";
import { proxyActionChoices, readProfile } from "#lib/proxy-actions/queries.ts";
import { signingKeyNames } from "#lib/signing-keys/queries.ts";
import { OpenEditor } from "../../policies/open-editor.tsx";
import { policySearchSchema } from "../../policies/search.ts";

export const metadata: Metadata = { title: "Proxy action" };

type PageProps = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function ProxyActionPage({ params, searchParams }: PageProps) {
  await requireSession();
  const id = z.uuid().safeParse((await params).id);
  const found = id.success ? await readProfile(id.data) : null;
  if (found === null) notFound();
  const { profile, usedBy } = found;
  const now = new Date();
  const [view, scanners, signingKeys, places, lists, store] = await Promise.all([
    readProxyActionView(profile.name, now),
    inspectionNames("scanner"),
    signingKeyNames(),
    proxyActionChoices(),
    listGlances(),
    cookies(),
  ]);
  if (view === null) notFound();
  const search = policySearchSchema.parse(await searchParams);
  const baseHref = `/proxy-actions/${found.id}`;
  const choices = {
    "settings.recipientVerification.list": lists.filter(({ kind }) => kind !== "networks").map(({ name }) => name),
    "settings.senderAuth.sealWith": signingKeys,
    "content.scanners": scanners,
  };
  return (
    <ListGlances lists={lists}>
      <PageHeader title={profile.name} actions={<LinkButton href="/proxy-actions">All proxy actions</LinkButton>}>
        {profile.protocol.toUpperCase()} proxy action, {profile.direction}.{" "}
        {usedBy.length === 0 ? "No policy uses it yet." : `Used by ${usedBy.join(", ")}.`}
      </PageHeader>
      <div className="grid min-w-0 gap-4 lg:grid-cols-[11rem_minmax(0,1fr)]">
        <SectionLinks
          label="Sections of this proxy action"
          groups={[
            { title: "Settings", links: settingSections(profile.protocol) },
            {
              title: "Rules",
              links: view.rulesets.map(({ stage, rules }) => ({
                id: `rules-${stage}`,
                title: stageTitle(stage),
                count: rules.length,
              })),
            },
          ]}
        />
        <div className="flex min-w-0 flex-col gap-6">
          <FindingsOf kind="proxy action" id={found.id} />
          <ProfileForm key={found.id} found={found} choices={choices} />
          <section aria-labelledby="rules" className="flex min-w-0 flex-col gap-6">
            <div>
              <h2 id="rules" className="font-semibold text-lg">
                Rules
              </h2>
              <p className="text-muted">
                In the order of a session. In each ruleset the first rule that matches decides.
              </p>
            </div>
            <RulesPage
              madeAt={now.getTime()}
              places={places}
              found={null}
              density={readDensity(store.get(densityCookie)?.value)}
            >
              {view.rulesets.map((ruleset) => (
                <RulesetSection key={ruleset.stage} proxyAction={view} ruleset={ruleset} baseHref={baseHref} />
              ))}
            </RulesPage>
          </section>
        </div>
      </div>
      <OpenEditor search={search} closeHref={baseHref} />
    </ListGlances>
  );
}
