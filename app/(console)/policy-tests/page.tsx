import type { Metadata } from "next";
import { PolicyTests } from "#components/simulator/policy-tests.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readPolicyTests } from "#lib/policy-tests/queries.ts";

export const metadata: Metadata = { title: "Policy tests" };

export default async function PolicyTestsPage() {
  await requireSession();
  return (
    <>
      <PageHeader title="Policy tests" actions={<LinkButton href="/simulator">New in the simulator</LinkButton>}>
        Messages that must fare as you say, whatever else is changed. They are run whenever the draft is published;
        while one fails, only who may and says why publishes.
      </PageHeader>
      <PolicyTests tests={await readPolicyTests()} />
    </>
  );
}
