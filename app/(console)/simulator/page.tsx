import type { Metadata } from "next";
import { z } from "zod";
import { Simulator } from "#components/simulator/simulator.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { pastMessage, simulatorChoices } from "#lib/simulator/queries.ts";

export const metadata: Metadata = { title: "Simulator" };

const searchSchema = z.object({
  message: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
});

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SimulatorPage({ searchParams }: PageProps) {
  await requireSession();
  const { message } = searchSchema.parse(await searchParams);
  const [choices, past] = await Promise.all([simulatorChoices(), message === undefined ? null : pastMessage(message)]);
  return (
    <>
      <PageHeader title="Simulator">
        Tries a message against the draft, what is live, or a revision: which rule decides, what every rule saw, what
        the client hears, and what would be changed.
      </PageHeader>
      <Simulator key={message} choices={choices} past={past} />
    </>
  );
}
