import type { Metadata } from "next";
import { z } from "zod";
import { SetupForm } from "#components/setup/setup-form.tsx";
import { SetupRefusal } from "#components/setup/setup-refusal.tsx";
import { passwordLengthMin } from "#lib/auth/password-length.ts";
import { setupLinkState } from "#lib/setup/queries.ts";

export const metadata: Metadata = { title: "Set up" };

const searchSchema = z.object({ token: z.string().catch("") });

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SetupPage({ searchParams }: PageProps) {
  const { token } = searchSchema.parse(await searchParams);
  const state = await setupLinkState(token, new Date());
  return (
    <>
      <h1 className="font-semibold text-lg">Set up the console</h1>
      {state === "open" ? (
        <>
          <p className="text-muted">You become the first administrator. There is no default account.</p>
          <SetupForm token={token} passwordLengthMin={passwordLengthMin} />
        </>
      ) : (
        <SetupRefusal state={state} />
      )}
    </>
  );
}
