import type { Metadata } from "next";
import { z } from "zod";
import { PasswordForm } from "#components/setup/password-form.tsx";
import { SetupForm } from "#components/setup/setup-form.tsx";
import { SetupRefusal } from "#components/setup/setup-refusal.tsx";
import { passwordLengthMin } from "#lib/auth/password-length.ts";
import { readSetupLink } from "#lib/setup/queries.ts";

export const metadata: Metadata = { title: "Set up" };

const searchSchema = z.object({ token: z.string().catch("") });

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SetupPage({ searchParams }: PageProps) {
  const { token } = searchSchema.parse(await searchParams);
  const { state, person } = await readSetupLink(token, new Date());
  return (
    <>
      <h1 className="font-semibold text-lg">{person === null ? "Set up the console" : "Choose your password"}</h1>
      {state !== "open" && <SetupRefusal state={state} ofPerson={person !== null} />}
      {state === "open" && person === null && (
        <>
          <p className="text-muted">You become the first administrator. There is no default account.</p>
          <SetupForm token={token} passwordLengthMin={passwordLengthMin} />
        </>
      )}
      {state === "open" && person !== null && (
        <PasswordForm token={token} person={person} passwordLengthMin={passwordLengthMin} />
      )}
    </>
  );
}
