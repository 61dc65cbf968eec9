import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "#components/auth/sign-in-form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { hasAnyUser } from "#lib/auth/queries.ts";
import { currentSession } from "#lib/auth/session.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function LoginPage() {
  if ((await currentSession()) !== null) redirect("/");
  const ready = await hasAnyUser();
  return (
    <>
      <h1 className="font-semibold text-lg">Sign in</h1>
      {!ready && (
        <Notice kind="info">
          Nobody has an account yet. Open the setup link that Postern printed when it started.
        </Notice>
      )}
      <SignInForm />
    </>
  );
}
