import type { Metadata } from "next";
import { z } from "zod";
import { GoneInterface } from "#components/layout/gone-interface.tsx";
import { Simulator } from "#components/simulator/simulator.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { scopedSearch } from "#lib/interfaces/scope.ts";
import { readPolicyTest } from "#lib/policy-tests/queries.ts";
import { searchTextSchema } from "#lib/search.ts";
import { pastMessage, simulatorChoices } from "#lib/simulator/queries.ts";

export const metadata: Metadata = { title: "Simulator" };

const searchSchema = z.object({
  interface: searchTextSchema,
  test: z.uuid().optional().catch(undefined),
  message: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
});

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SimulatorPage({ searchParams }: PageProps) {
  await requireSession();
  const { scope, search } = await scopedSearch(searchSchema.parse(await searchParams));
  const { message, test } = search;
  const [choices, past, opened] = await Promise.all([
    simulatorChoices(),
    message === undefined ? null : pastMessage(message),
    test === undefined ? null : readPolicyTest(test),
  ]);
  return (
    <>
      <PageHeader title="Simulator" actions={<LinkButton href="/policy-tests">Policy tests</LinkButton>}>
        Tries a message against the draft, what is live, or a revision: which rule decides, what every rule saw, what
        the client hears, and what would be changed.
      </PageHeader>
      <GoneInterface scope={scope} path="/simulator" />
      <Simulator
        key={test ?? message}
        choices={choices}
        scope={scope === null || scope.id === null ? null : scope.name}
        past={past}
        test={opened}
      />
    </>
  );
}
