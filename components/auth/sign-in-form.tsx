"use client";
import { signIn } from "next-auth/react";
import { type SyntheticEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";

const words: Record<string, string> = {
  locked: "Too many failed sign-ins. Wait a while (at most 15 minutes) and try again. (LOCKED)",
  unavailable:
    "The console cannot reach its database, so that nobody can sign in. Try again in a minute. (UNAVAILABLE)",
  CredentialsSignin: "The e-mail address or the password is wrong. Check both and try again. (REFUSED)",
};
const unreachable = "The console did not answer. Check that it runs, then try again. (UNREACHABLE)";

/** E-mail and password; stays on the page with the reason when the sign-in is refused. */
export function SignInForm() {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await signIn("credentials", {
      email: String(form.get("email")),
      password: String(form.get("password")),
      redirect: false,
    }).catch(() => undefined);
    if (answer?.ok && !answer.error) return window.location.assign("/");
    setBusy(false);
    setProblem(words[answer?.error ?? ""] ?? unreachable);
  }

  return (
    // Without JavaScript a GET would put the password into the address.
    <form method="post" onSubmit={submit} className="flex flex-col gap-3">
      {problem !== null && <Notice kind="fault">{problem}</Notice>}
      <Field label="E-mail address">
        {(control) => <Input {...control} name="email" type="email" autoComplete="username" required />}
      </Field>
      <Field label="Password">
        {(control) => <Input {...control} name="password" type="password" autoComplete="current-password" required />}
      </Field>
      <Button type="submit" variant="primary" disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
