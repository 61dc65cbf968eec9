import type { Metadata } from "next";
import { z } from "zod";
import { Simulator } from "#components/simulator/simulator.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { readPolicyTest } from "#lib/policy-tests/queries.ts";
import { pastMessage, simulatorChoices } from "#lib/simulator/queries.ts";

export const metadata: Metadata = { title: "Simulator" };

const searchSchema = z.object({
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
  const { message, test } = searchSchema.parse(await searchParams);
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
      <Simulator key={test ?? message} choices={choices} past={past} test={opened} />
    </>
  );
}
